// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>

#include "core/record/layers.hpp"

namespace hearth::record {

namespace {

using Derive = Value (*)(const Effective& record);

struct Default {
    std::string_view field;
    Derive derive;
};

/// Only what does not depend on the storage: a backend's own defaults belong to its plugin.
constexpr std::array kDefaults{
    Default{"accessMode", [](const Effective&) { return Value(0700U); }},
    Default{"autoLogin", [](const Effective&) { return Value(false); }},
    Default{"disposition", [](const Effective&) { return Value("regular"); }},
    Default{"enforcePasswordPolicy", [](const Effective&) { return Value(true); }},
    Default{"homeDirectory",
            [](const Effective& record) { return Value("/home/" + record.user_name()); }},
    Default{"locked", [](const Effective&) { return Value(false); }},
    Default{"mountNoDevices", [](const Effective&) { return Value(true); }},
    Default{"mountNoExecute", [](const Effective&) { return Value(false); }},
    Default{"mountNoSuid", [](const Effective&) { return Value(true); }},
    Default{"rateLimitBurst", [](const Effective&) { return Value(30U); }},
    Default{"rateLimitIntervalUSec", [](const Effective&) { return Value(60'000'000U); }},
    Default{"realName", [](const Effective& record) { return Value(record.user_name()); }},
    Default{"rebalanceWeight", [](const Effective&) { return Value(100U); }},
    Default{"shell", [](const Effective&) { return Value("/bin/bash"); }},
    Default{"skeletonDirectory", [](const Effective&) { return Value("/etc/skel"); }},
};

}  // namespace

std::optional<Value> managed_default(const Effective& record, const std::string& field) {
    if (field == "gid") return record.value("uid");
    const auto* found = std::find_if(kDefaults.begin(), kDefaults.end(),
                                     [&](const auto& d) { return d.field == field; });
    if (found == kDefaults.end()) return {};
    return found->derive(record);
}

}  // namespace hearth::record
