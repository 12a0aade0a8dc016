// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/service/group_index.hpp"

#include <algorithm>

namespace hearth::service {

namespace {

/// The first that is not before this user.
auto place_of(const std::vector<const Home*>& members, const std::string& user) {
    return std::lower_bound(
        members.begin(), members.end(), user,
        [](const Home* home, const std::string& name) { return home->user_name() < name; });
}

}  // namespace

/// A record may list a group twice.
void GroupIndex::add(const Home& home) {
    for (const std::string& group : home.member_of()) {
        Members& members = members_[group];
        const auto place = place_of(members, home.user_name());
        if (place == members.end() || *place != &home) members.insert(place, &home);
    }
}

void GroupIndex::drop(const Home& home) {
    for (const std::string& group : home.member_of()) {
        const auto entry = members_.find(group);
        if (entry == members_.end()) continue;
        Members& members = entry->second;
        const auto place = place_of(members, home.user_name());
        if (place != members.end() && *place == &home) members.erase(place);
        if (members.empty()) members_.erase(entry);
    }
}

const Home* GroupIndex::next(std::string_view group, std::string_view behind) const {
    const auto entry = members_.find(group);
    if (entry == members_.end()) return nullptr;
    const auto& members = entry->second;
    const auto found = std::upper_bound(
        members.begin(), members.end(), behind,
        [](std::string_view name, const Home* home) { return name < home->user_name(); });
    return found == members.end() ? nullptr : *found;
}

}  // namespace hearth::service
