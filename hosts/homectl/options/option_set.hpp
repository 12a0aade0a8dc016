// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "hosts/homectl/options/option.hpp"

namespace hearth::homectl {

/// The record options that a command line may use: homectl's own, and those of plugins once they
/// are added. Borrows them.
class OptionSet {
  public:
    /// All of homectl's own.
    OptionSet();
    void add(std::span<const Option> more);

    [[nodiscard]] std::span<const Option* const> all() const { return options_; }
    [[nodiscard]] const Option* find(std::string_view name) const;

  private:
    std::vector<const Option*> options_;
};

}  // namespace hearth::homectl
