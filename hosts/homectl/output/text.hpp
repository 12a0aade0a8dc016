// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hearth::homectl {

/// Reads one UTF-8 character at `at` and moves `at` behind it. A byte that starts no character
/// counts as one of its own and yields 0xFFFD.
std::uint32_t next_character(std::string_view text, std::size_t& at);

/// Is all of it well-formed UTF-8?
[[nodiscard]] bool is_utf8(std::string_view text);

/// A character that could steer a terminal: C0, DEL, C1, line separators, and the marks that turn
/// the direction.
[[nodiscard]] bool is_control(std::uint32_t character);

/// Neither control characters nor broken UTF-8 in it: fit for a record.
[[nodiscard]] bool is_plain_text(std::string_view text);

/// The text with everything that could steer a terminal replaced by a question mark. Everything
/// from outside (records, plugins, arguments) passes through here on its way to a terminal.
[[nodiscard]] std::string clean(std::string_view text);

/// How many cells of a terminal the text takes.
[[nodiscard]] std::size_t cell_width(std::string_view text);

/// How alike two words are: the number of letters to change, add, drop or swap.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace hearth::homectl
