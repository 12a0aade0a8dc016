// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/base/unique_fd.hpp"

// Private to core/plugin.

namespace hearth::plugin {

/// Cuts what a helper program writes into lines. Long lines are cut, and after 200 lines the rest
/// is only counted: a program that chatters must not fill the log.
class HelperOutput {
  public:
    HelperOutput(UniqueFd pipe, std::function<void(std::string_view)> on_line);

    /// To poll for reading; -1 once everything has come.
    [[nodiscard]] int fd() const { return pipe_.get(); }
    /// Reads what is there; never waits.
    void read_some();
    /// Reads what is left after the program has ended.
    void drain();

  private:
    void line(std::string_view text);

    UniqueFd pipe_;
    std::function<void(std::string_view)> on_line_;
    std::string partial_;
    std::size_t lines_ = 0;
};

}  // namespace hearth::plugin
