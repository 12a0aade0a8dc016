// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/sandbox.hpp"

#include <array>

#include "core/plugin/rights.hpp"
#include "core/system/capabilities.hpp"
#include "core/system/device_filter.hpp"
#include "core/system/network.hpp"

namespace hearth::operation {

namespace {

/// What core's own part of an operation takes, whatever the plugin is: mounting and ID maps; the
/// files of users, and their owners; looking for who uses a home; locked memory; ending helpers.
constexpr std::array<std::string_view, 12> kCoreNeeds = {
    "CAP_SYS_ADMIN", "CAP_CHOWN",      "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH",
    "CAP_FOWNER",    "CAP_FSETID",     "CAP_SETUID",       "CAP_SETGID",
    "CAP_SETFCAP",   "CAP_SYS_PTRACE", "CAP_IPC_LOCK",     "CAP_KILL"};

/// What plugins have without asking: while core hashes a password, all memory that the process maps
/// is locked, that of a plugin as well.
constexpr std::array<std::string_view, 1> kLent = {"CAP_IPC_LOCK"};

template <typename Names>
Result<system::Capabilities> parse_all(const Names& names) {
    system::Capabilities all = 0;
    for (const auto& name : names) {
        HEARTH_TRY(bit, system::parse_capability(name));
        all |= bit;
    }
    return all;
}

using system::DeviceRule;

/// What every program expects to find: null, zero, full, random and urandom.
constexpr std::uint32_t kMemory = 1;
constexpr std::array<std::uint32_t, 5> kEverybodys = {3, 5, 7, 8, 9};
/// Nodes of small drivers; those that a program may open before their driver is there are of these.
constexpr std::uint32_t kMisc = 10;

/// A plugin that cannot do without a device, rather than taking what a pattern finds, makes new
/// ones with it: of images, partitions or volumes, and which these are only the record says.
std::vector<DeviceRule> rules_of(const plugin::Needs& needs) {
    std::vector<DeviceRule> rules;
    for (const auto minor : kEverybodys) rules.push_back({.major = kMemory, .minor = minor});
    for (const auto& path : needs.devices) {
        const auto found = system::rules_for(path);
        rules.insert(rules.end(), found.begin(), found.end());
        if (path.find('*') != std::string::npos) continue;
        rules.push_back({.block = true});
        if (found.empty()) rules.push_back({.block = false, .major = kMisc});
    }
    return rules;
}

}  // namespace

Result<void> enter_sandbox(const plugin::Needs& needs, int control_group) {
    HEARTH_TRY(core, parse_all(kCoreNeeds));
    HEARTH_TRY(own, parse_all(needs.capabilities));
    HEARTH_TRY(lent, parse_all(kLent));
    if (!needs.network) HEARTH_CHECK(system::leave_network());
    if (control_group >= 0) HEARTH_CHECK(system::allow_only(control_group, rules_of(needs)));
    HEARTH_CHECK(system::keep_capabilities(core | own));
    plugin::limit_plugins(own | lent);
    return ok();
}

}  // namespace hearth::operation
