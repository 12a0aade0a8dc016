// SPDX-License-Identifier: LGPL-2.1-or-later
#include <hearth/plugin.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "core/plugin/note.hpp"

/// Any bytes may be a plugin's file. What is found lies inside them and is no longer than a
/// manifest may be.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto found = hearth::plugin::find_note({reinterpret_cast<const std::byte*>(data), size});
    if (found && (found->size() > HEARTH_NOTE_MAX || found->size() > size)) std::abort();
    if (!found && found.error().id().empty()) std::abort();
    return 0;
}
