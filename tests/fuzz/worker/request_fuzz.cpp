// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/worker/opening.hpp"

/// Whatever a host asks is either refused or means the same after another trip.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace hearth::worker;
    const auto opening = decode_request({reinterpret_cast<const char*>(data), size});
    if (!opening) {
        if (opening.error().id().empty()) std::abort();
        return 0;
    }
    const std::string text = encode_request(*opening);
    const auto back = decode_request(text);
    if (!back || encode_request(*back) != text) std::abort();
    return 0;
}
