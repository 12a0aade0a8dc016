// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/service/home.hpp"

// Private to core/service.

namespace hearth::service {

/// Whose home directory or image a path is. Borrows the homes and their texts: drop() before one
/// changes or goes.
class PathIndex {
  public:
    void add(const Home& home);
    void drop(const Home& home);
    /// Null: nobody's.
    [[nodiscard]] const Home* find(std::string_view path) const;
    /// Those that begin with this, and whose they are.
    [[nodiscard]] std::map<std::string, std::string> that_begin_with(std::string_view text) const;

  private:
    void add(std::string_view path, const Home& home);
    void drop(std::string_view path, const Home& home);

    std::multimap<std::string_view, const Home*> owners_;
};

}  // namespace hearth::service
