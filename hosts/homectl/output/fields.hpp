// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/record/effective.hpp"
#include "hosts/homectl/output/page.hpp"

namespace hearth::homectl {

/// How one field of a record becomes the text of one line; nothing if it is not set.
using ShowField = std::optional<std::string> (*)(const record::Effective& record,
                                                 std::string_view field);

std::optional<std::string> show_text(const record::Effective& record, std::string_view field);
std::optional<std::string> show_number(const record::Effective& record, std::string_view field);
std::optional<std::string> show_integer(const record::Effective& record, std::string_view field);
std::optional<std::string> show_flag(const record::Effective& record, std::string_view field);
std::optional<std::string> show_size(const record::Effective& record, std::string_view field);
std::optional<std::string> show_span(const record::Effective& record, std::string_view field);
std::optional<std::string> show_time(const record::Effective& record, std::string_view field);
std::optional<std::string> show_mode(const record::Effective& record, std::string_view field);
/// A list on one line, separated by commas.
std::optional<std::string> show_list(const record::Effective& record, std::string_view field);
/// How many entries a list has.
std::optional<std::string> show_count(const record::Effective& record, std::string_view field);

/// One line of a table of lines.
struct FieldLine {
    std::string_view label;
    std::string_view field;
    ShowField show;
};

void show_fields(Page& page, const record::Effective& record, std::span<const FieldLine> lines);

}  // namespace hearth::homectl
