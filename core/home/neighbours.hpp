// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/record/effective.hpp"

namespace hearth::home {

/// What the other homes of a machine have, of that which a new one has to have for itself alone:
/// of all of it, or as much as one new home could want.
struct Neighbours {
    std::set<uid_t> uids;
    /// Names by which somebody is found: see names_of().
    std::set<std::string> names;
    /// Images and home directories, and whose they are, by the user name.
    std::map<std::string, std::string> paths;

    /// One more home.
    void add(const record::Effective& home);
};

/// Every name that finds the user: name and aliases, alone and with the realm.
[[nodiscard]] std::vector<std::string> names_of(const record::Effective& user);

}  // namespace hearth::home
