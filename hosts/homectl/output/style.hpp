// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

namespace hearth::homectl {

enum class Colour { none, green, yellow, red, grey, bold };

/// Does standard output show colours? Only a terminal does, unless NO_COLOR is set or TERM is
/// "dumb".
[[nodiscard]] bool stdout_has_colours();
[[nodiscard]] bool stderr_has_colours();

/// The text in that colour, if there are colours at all. The text must be clean() already.
[[nodiscard]] std::string paint(std::string_view text, Colour colour, bool colours);

/// Writes to standard output; a reader that went away is no error.
void print(std::string_view text);
/// Writes a line to standard error.
void print_error_line(std::string_view text);

}  // namespace hearth::homectl
