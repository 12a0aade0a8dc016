// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/record/value.hpp"
#include "hosts/homectl/options/settings.hpp"
#include "hosts/homectl/output/style.hpp"

namespace hearth::homectl {

/// One field of a table: for people a text, for JSON a value.
struct Cell {
    record::Value value;
    Colour colour = Colour::none;
};

/// Rows and columns, shown as a table or as a JSON array of objects. Cells may hold anything; what
/// reaches the terminal is cleaned. A null cell is shown as a dash.
class Table {
  public:
    struct Column {
        std::string heading;
        /// The key in JSON.
        std::string key;
        /// Numbers stand on the right.
        bool right = false;
    };

    explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
    /// As many cells as there are columns.
    void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
    [[nodiscard]] std::size_t size() const { return rows_.size(); }

    [[nodiscard]] std::string text(bool heading, bool colours) const;
    [[nodiscard]] std::string json(JsonMode mode) const;

  private:
    [[nodiscard]] std::vector<std::string> texts() const;
    [[nodiscard]] std::vector<std::size_t> widths(const std::vector<std::string>& texts,
                                                  bool heading) const;

    std::vector<Column> columns_;
    std::vector<std::vector<Cell>> rows_;
};

}  // namespace hearth::homectl
