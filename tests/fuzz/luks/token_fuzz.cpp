// SPDX-License-Identifier: LGPL-2.1-or-later
// The record in a LUKS2 header, and the note about key slots: what is accepted comes back the same.
#include <array>
#include <cstdint>
#include <cstdlib>

#include "plugins/luks/plan.hpp"
#include "plugins/luks/token.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace hearth::luks;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    std::array<std::byte, 32> key{};
    key[0] = std::byte{1};
    const TokenCipher with{"aes", "xts-plain64", key};
    if (const auto record = open_token(text, with)) {
        const auto sealed = seal_token(*record, with);
        if (!sealed || *open_token(*sealed, with) != *record) std::abort();
    }
    if (const auto plan = parse_plan(text)) {
        const auto again = parse_plan(to_note(*plan));
        if (!again || !(*again == *plan)) std::abort();
    }
    return 0;
}
