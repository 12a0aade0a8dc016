// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hosts/homectl/output/style.hpp"

namespace hearth::homectl {

/// "Label: value" lines whose labels end in one column: how inspect shows a record. Values are
/// cleaned here.
class Page {
  public:
    explicit Page(bool colours) : colours_(colours) {}

    /// One line; further lines of the same label have an empty one.
    void line(std::string_view label, std::string_view value, Colour colour = Colour::none);
    /// Nothing at all if there is no value.
    void line_if(std::string_view label, const std::optional<std::string>& value);
    /// The first under the label, the rest below it; nothing if the list is empty.
    void lines(std::string_view label, const std::vector<std::string>& values);

    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    bool colours_;
    std::string text_;
};

}  // namespace hearth::homectl
