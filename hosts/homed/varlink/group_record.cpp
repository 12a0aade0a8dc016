// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/varlink/group_record.hpp"

#include <algorithm>

#include "core/record/json.hpp"

namespace hearth::homed::varlink {

namespace {

using record::Object;

std::string name_of(const service::Home& home, std::string_view asked) {
    const std::string& realm = home.realm();
    const auto is_asked = [&](const std::string& alias) {
        return asked == alias || (!realm.empty() && asked == alias + "@" + realm);
    };
    if (asked == home.user_name() || asked.empty()) return home.user_name();
    const auto& aliases = home.aliases();
    const auto alias = std::find_if(aliases.begin(), aliases.end(), is_asked);
    return alias == aliases.end() ? home.user_name() : *alias;
}

Object of_machine(const std::string& machine_id, Object part) {
    Object section;
    section.set(machine_id, std::move(part));
    return section;
}

}  // namespace

std::string group_record(const service::Home& home, std::string_view asked,
                         const std::string& machine_id, const std::string& service) {
    if (home.uid() == service::kNoUid) return "";
    Object group;
    Object binding;
    Object status;
    group.set("groupName", name_of(home, asked));
    if (!home.realm().empty()) group.set("realm", home.realm());
    group.set("description", "Primary Group of User " + home.user_name());
    binding.set("gid", home.uid());
    group.set("binding", of_machine(machine_id, std::move(binding)));
    if (!home.disposition().is_null()) group.set("disposition", home.disposition());
    status.set("service", service);
    group.set("status", of_machine(machine_id, std::move(status)));
    return record::to_canonical(group);
}

}  // namespace hearth::homed::varlink
