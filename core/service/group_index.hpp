// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/service/home.hpp"

// Private to core/service.

namespace hearth::service {

/// Which homes list a group in their records. Borrows them: drop() before one changes or goes.
class GroupIndex {
  public:
    void add(const Home& home);
    void drop(const Home& home);
    /// The first member behind this user, in the order of the user names; null: there is none.
    [[nodiscard]] const Home* next(std::string_view group, std::string_view behind) const;

  private:
    // Sorted by user name: a large group is a few pointers, and grows at its end at the start.
    using Members = std::vector<const Home*>;

    std::map<std::string, Members, std::less<>> members_;
};

}  // namespace hearth::service
