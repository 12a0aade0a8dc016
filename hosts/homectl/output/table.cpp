// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/output/table.hpp"

#include <algorithm>

#include "hosts/homectl/output/text.hpp"

namespace hearth::homectl {

namespace {

std::string shown(const Cell& cell) {
    if (cell.value.is_null()) return "-";
    if (const auto text = cell.value.text()) return text->empty() ? "-" : clean(*text);
    if (const auto list = cell.value.strings()) {
        std::string joined;
        for (const std::string& part : *list) joined += (joined.empty() ? "" : ", ") + clean(part);
        return joined.empty() ? "-" : joined;
    }
    return clean(cell.value.json());
}

/// One field with the spaces that fill its column. Nothing follows the last column.
std::string padded(const std::string& text, std::size_t width, bool right, bool last,
                   const std::string& painted) {
    const std::size_t taken = cell_width(text);
    const std::string space(width > taken ? width - taken : 0, ' ');
    if (right) return space + painted;
    return last ? painted : painted + space;
}

}  // namespace

/// All cells as they are shown, row after row: cleaned once, measured and printed.
std::vector<std::string> Table::texts() const {
    std::vector<std::string> texts;
    texts.reserve(rows_.size() * columns_.size());
    for (const auto& row : rows_)
        for (const Cell& cell : row) texts.push_back(shown(cell));
    return texts;
}

std::vector<std::size_t> Table::widths(const std::vector<std::string>& texts, bool heading) const {
    std::vector<std::size_t> widths;
    for (const Column& column : columns_)
        widths.push_back(heading ? cell_width(column.heading) : 0);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        std::size_t& width = widths[i % columns_.size()];
        width = std::max(width, cell_width(texts[i]));
    }
    return widths;
}

std::string Table::text(bool heading, bool colours) const {
    const std::vector<std::string> texts = this->texts();
    const std::vector<std::size_t> width = widths(texts, heading);
    std::string out;
    const auto add_line = [&](auto&& text_of, auto&& colour_of) {
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const std::string& text = text_of(i);
            const bool last = i + 1 == columns_.size();
            out +=
                padded(text, width[i], columns_[i].right, last, paint(text, colour_of(i), colours));
            out += last ? '\n' : ' ';
        }
    };
    if (heading)
        add_line([&](std::size_t i) -> const std::string& { return columns_[i].heading; },
                 [](std::size_t) { return Colour::bold; });
    for (std::size_t at = 0; at < rows_.size(); ++at)
        add_line(
            [&](std::size_t i) -> const std::string& { return texts[at * columns_.size() + i]; },
            [&](std::size_t i) { return rows_[at][i].colour; });
    return out;
}

std::string Table::json(JsonMode mode) const {
    const bool pretty = mode == JsonMode::pretty;
    std::string out = "[";
    for (const auto& row : rows_) {
        out += out.size() > 1 ? "," : "";
        out += pretty ? "\n\t{" : "{";
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            out += i == 0 ? "" : ",";
            out += pretty ? "\n\t\t" : "";
            out += "\"" + columns_[i].key + (pretty ? "\" : " : "\":") + row[i].value.json();
        }
        out += pretty ? "\n\t}" : "}";
    }
    out += pretty && !rows_.empty() ? "\n]\n" : "]\n";
    return out;
}

}  // namespace hearth::homectl
