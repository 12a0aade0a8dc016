// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace hearth::homectl {

/// Cuts a text into the records that it holds: a JSON sequence (RFC 7464), a JSON array, or one
/// record a line. Which of these it is, its first character says. Only cuts: whether a piece is a
/// record is for others to find out, and one that is not costs no other.
class RecordStream {
  public:
    struct Piece {
        /// From 1, in the order of the text.
        std::size_t number = 0;
        /// Where it begins.
        std::size_t line = 0;
        /// Errors: record-too-large, many-cut-off, many-not-json.
        Result<std::string> text = std::string();
    };

    void add(std::string_view bytes);
    /// The text is over.
    void end();
    /// The next piece that is whole; nothing: there is none yet.
    std::optional<Piece> take();

  private:
    enum class Form { unknown, lines, sequence, array };

    void add_until_separators(std::string_view bytes);
    void begin(char c);
    void add_to_array(char c);
    void track(char c);
    void keep(std::string_view part);
    void append(std::string_view part);
    void cut();
    void refuse(Error error);

    Form form_ = Form::unknown;
    std::string current_;
    std::size_t line_ = 1;
    std::size_t number_ = 0;
    std::size_t begin_line_ = 1;
    bool blank_ = true;
    bool too_large_ = false;
    // In an array: how deep, in a text or not, and whether it was closed.
    std::size_t depth_ = 0;
    bool in_text_ = false;
    bool escaped_ = false;
    bool closed_ = false;
    bool refused_rest_ = false;
    std::deque<Piece> pieces_;
};

}  // namespace hearth::homectl
