// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/output/fields.hpp"

#include "core/record/value.hpp"
#include "hosts/homectl/output/format.hpp"

namespace hearth::homectl {

namespace {

template <std::string (*Format)(std::uint64_t)>
std::optional<std::string> formatted(const record::Effective& record, std::string_view field) {
    const auto number = record.number(field);
    if (!number) return std::nullopt;
    return Format(*number);
}

}  // namespace

std::optional<std::string> show_text(const record::Effective& record, std::string_view field) {
    return record.text(field);
}

std::optional<std::string> show_number(const record::Effective& record, std::string_view field) {
    const auto number = record.number(field);
    if (!number) return std::nullopt;
    return std::to_string(*number);
}

std::optional<std::string> show_integer(const record::Effective& record, std::string_view field) {
    const auto number = record.integer(field);
    if (!number) return std::nullopt;
    return std::to_string(*number);
}

std::optional<std::string> show_flag(const record::Effective& record, std::string_view field) {
    const auto flag = record.flag(field);
    if (!flag) return std::nullopt;
    return *flag ? "yes" : "no";
}

std::optional<std::string> show_size(const record::Effective& record, std::string_view field) {
    return formatted<format_size>(record, field);
}
std::optional<std::string> show_span(const record::Effective& record, std::string_view field) {
    return formatted<format_span>(record, field);
}
std::optional<std::string> show_time(const record::Effective& record, std::string_view field) {
    return formatted<format_timestamp>(record, field);
}
std::optional<std::string> show_mode(const record::Effective& record, std::string_view field) {
    return formatted<format_mode>(record, field);
}

std::optional<std::string> show_list(const record::Effective& record, std::string_view field) {
    std::string joined;
    for (const std::string& part : record.strings(field))
        joined += (joined.empty() ? "" : ", ") + part;
    if (joined.empty()) return std::nullopt;
    return joined;
}

std::optional<std::string> show_count(const record::Effective& record, std::string_view field) {
    const std::size_t count = record.strings(field).size();
    if (count == 0) return std::nullopt;
    return std::to_string(count);
}

void show_fields(Page& page, const record::Effective& record, std::span<const FieldLine> lines) {
    for (const FieldLine& line : lines) page.line_if(line.label, line.show(record, line.field));
}

}  // namespace hearth::homectl
