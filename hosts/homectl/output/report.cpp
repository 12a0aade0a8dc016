// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/output/report.hpp"

#include "hosts/homectl/output/style.hpp"
#include "hosts/homectl/output/text.hpp"

namespace hearth::homectl {

namespace {

constexpr std::size_t kWidth = 96;

/// Breaks a text at spaces; every line is indented. Line breaks in the text stay.
std::string indented(std::string_view text, std::size_t indent) {
    std::string out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string line;
        for (std::string_view rest = text.substr(0, end); !rest.empty();) {
            const std::size_t space = std::min(rest.find(' '), rest.size());
            const std::string word = clean(rest.substr(0, space));
            rest.remove_prefix(std::min(space + 1, rest.size()));
            if (!line.empty() && indent + cell_width(line) + 1 + cell_width(word) > kWidth) {
                out += std::string(indent, ' ') + line + '\n';
                line.clear();
            }
            line += (line.empty() ? "" : " ") + word;
        }
        out += std::string(indent, ' ') + line + '\n';
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

}  // namespace

std::string error_text(const Error& error, bool colours) {
    std::string out = paint("homectl:", Colour::red, colours) + " " + clean(error.what()) + "\n";
    out += indented(error.why(), 2);
    out += indented(error.hint(), 2);
    return out + paint("  [" + clean(error.id()) + "]", Colour::grey, colours);
}

void report(const Error& error) {
    print_error_line(error_text(error, stderr_has_colours()));
}

void notice(std::string_view text) {
    print_error_line(paint("homectl:", Colour::yellow, stderr_has_colours()) + " " + clean(text));
}

}  // namespace hearth::homectl
