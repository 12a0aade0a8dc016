// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/operation/journal.hpp"

/// A journal that a crash or a disk has damaged is refused as such, and never read as another one.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace hearth::operation;
    const auto intent = parse_intent(std::string(reinterpret_cast<const char*>(data), size));
    if (!intent) {
        if (intent.error().id() != "journal-damaged") std::abort();
        return 0;
    }
    const std::string text = to_text(*intent);
    const auto back = parse_intent(text);
    if (!back || to_text(*back) != text || back->op_id != intent->op_id) std::abort();
    return 0;
}
