// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/output/record_json.hpp"

#include <unistd.h>

#include <array>
#include <cstdio>

#include "hosts/homectl/output/style.hpp"
#include "hosts/homectl/output/text.hpp"

namespace hearth::homectl {

namespace {

record::Sections sections_of(ExportFormat format) {
    using record::Sections;
    switch (format) {
        case ExportFormat::full:
            return Sections::stored;
        case ExportFormat::stripped:
            return Sections::embedded;
        case ExportFormat::minimal:
            break;
    }
    return Sections::signed_part;
}

}  // namespace

std::string record_json(const record::UserRecord& record, JsonMode mode, ExportFormat format) {
    const record::UserRecord part = record.with_sections(sections_of(format));
    if (mode == JsonMode::compact) return part.canonical() + "\n";
    std::string text = part.pretty();
    if (!text.ends_with('\n')) text += '\n';
    return text;
}

std::string escape_for_terminal(const std::string& json) {
    std::string out;
    out.reserve(json.size());
    for (std::size_t at = 0; at < json.size();) {
        const std::size_t start = at;
        const std::uint32_t character = next_character(json, at);
        if (character == '\n' || character == '\t' || !is_control(character)) {
            out.append(json, start, at - start);
            continue;
        }
        std::array<char, 8> escape{};
        std::snprintf(escape.data(), escape.size(), "\\u%04x", character & 0xFFFFU);
        out += escape.data();
    }
    return out;
}

void print_json(const std::string& json) {
    print(isatty(STDOUT_FILENO) != 0 ? escape_for_terminal(json) : json);
}

}  // namespace hearth::homectl
