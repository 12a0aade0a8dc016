// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/home/neighbours.hpp"

#include <utility>

namespace hearth::home {

std::vector<std::string> names_of(const record::Effective& user) {
    std::vector<std::string> out = user.strings("aliases");
    out.push_back(user.user_name());
    const auto realm = user.text("realm");
    for (std::size_t i = 0, count = out.size(); realm && i < count; ++i)
        out.push_back(out[i] + "@" + *realm);
    return out;
}

void Neighbours::add(const record::Effective& home) {
    if (const auto uid = home.number("uid")) uids.insert(static_cast<uid_t>(*uid));
    paths[home.home_directory()] = home.user_name();
    if (const auto image = home.text("imagePath")) paths[*image] = home.user_name();
    for (auto& name : names_of(home)) names.insert(std::move(name));
}

}  // namespace hearth::home
