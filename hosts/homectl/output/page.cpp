// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/output/page.hpp"

#include "hosts/homectl/output/text.hpp"

namespace hearth::homectl {

namespace {
constexpr std::size_t kLabelWidth = 13;
}

void Page::line(std::string_view label, std::string_view value, Colour colour) {
    const std::size_t width = cell_width(label);
    text_ += std::string(width < kLabelWidth ? kLabelWidth - width : 0, ' ');
    text_ += std::string(label) + (label.empty() ? "  " : ": ") +
             paint(clean(value), colour, colours_) + "\n";
}

void Page::line_if(std::string_view label, const std::optional<std::string>& value) {
    if (value) line(label, *value);
}

void Page::lines(std::string_view label, const std::vector<std::string>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) line(i == 0 ? label : "", values[i]);
}

}  // namespace hearth::homectl
