// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/varlink/memberships.hpp"

#include <algorithm>
#include <deque>

#include "hosts/homed/varlink/enumeration.hpp"
#include "hosts/homed/varlink/reply.hpp"

namespace hearth::homed::varlink {

namespace {

using service::Home;

std::string pair(std::string_view user, std::string_view group) {
    return "{\"userName\":" + quoted(user) + ",\"groupName\":" + quoted(group) + "}";
}

void say_all(const Home& home, std::deque<std::string>& replies) {
    const std::string& user = home.user_name();
    for (const std::string& group : home.member_of())
        if (group != user) replies.push_back(pair(user, group));
    replies.push_back(pair(user, user));
}

bool is_in(const Home& home, std::string_view group) {
    const auto& groups = home.member_of();
    return home.user_name() == group ||
           std::find(groups.begin(), groups.end(), group) != groups.end();
}

}  // namespace

/// The name itself where a home is meant, any other as it is.
std::string Memberships::name_of(std::string_view any_name) const {
    const Home* const home = homes_.find(any_name);
    return home == nullptr ? std::string(any_name) : home->user_name();
}

std::unique_ptr<Stream> Memberships::of(const std::optional<std::string_view>& user,
                                        const std::optional<std::string_view>& group) const {
    if (user) return Enumeration::of_one(homes_, name_of(*user), say_all);
    if (!group) return Enumeration::of_all(homes_, say_all);
    std::string name = name_of(*group);
    return Enumeration::of_group(homes_, name,
                                 [name](const Home& home, std::deque<std::string>& replies) {
                                     replies.push_back(pair(home.user_name(), name));
                                 });
}

std::string Memberships::test(std::string_view user, std::string_view group) const {
    const Home* const home = homes_.find(user);
    const std::string name = name_of(group);
    return home != nullptr && is_in(*home, name) ? pair(home->user_name(), name) : "";
}

}  // namespace hearth::homed::varlink
