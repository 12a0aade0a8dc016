// SPDX-License-Identifier: LGPL-2.1-or-later
// The key slots of a folder, whose they are, and the note about them: what is accepted reads the
// same when it is written again.
#include <cstdint>
#include <cstdlib>

#include "plugins/fscrypt/plan.hpp"
#include "plugins/fscrypt/slot.hpp"
#include "plugins/fscrypt/slot_owners.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace hearth::fscrypt;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto slot = parse_slot(text); slot && to_text(*slot) != text) std::abort();
    if (const auto plan = parse_plan(text)) {
        const auto again = parse_plan(to_note(*plan));
        if (!again || !(*again == *plan)) std::abort();
    }
    const auto owners = parse_owners(text);
    if (parse_owners(to_text(owners)) != owners) std::abort();
    return 0;
}
