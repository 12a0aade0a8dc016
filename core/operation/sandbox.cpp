// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/sandbox.hpp"

#include <array>

#include "core/system/capabilities.hpp"

namespace hearth::operation {

namespace {

/// Mounting and ID maps; files of users; looking for who uses a home; locked memory.
constexpr std::array<std::string_view, 12> kCoreNeeds = {
    "CAP_SYS_ADMIN", "CAP_CHOWN",      "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH",
    "CAP_FOWNER",    "CAP_FSETID",     "CAP_SETUID",       "CAP_SETGID",
    "CAP_SETFCAP",   "CAP_SYS_PTRACE", "CAP_IPC_LOCK",     "CAP_KILL"};

}  // namespace

Result<void> enter_sandbox(const plugin::Needs& needs) {
    system::Capabilities keep = 0;
    for (const auto name : kCoreNeeds) {
        HEARTH_TRY(bit, system::parse_capability(name));
        keep |= bit;
    }
    for (const auto& name : needs.capabilities) {
        HEARTH_TRY(bit, system::parse_capability(name));
        keep |= bit;
    }
    return system::keep_capabilities(keep);
}

}  // namespace hearth::operation
