// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/many/record_stream.hpp"

#include <algorithm>
#include <utility>

#include "core/record/json_limits.hpp"

namespace hearth::homectl {

namespace {

constexpr char kSeparator = '\x1e';

constexpr std::string_view kSpaces = " \t\n\r";

bool is_space(char c) {
    return kSpaces.find(c) != std::string_view::npos;
}

Error too_large() {
    return Error(Code::invalid_argument, "record-too-large",
                 "The record is larger than 1 MiB, which no record is.")
        .hint("Write one record a line, or a JSON array, or a JSON sequence (RFC 7464).");
}

Error cut_off() {
    return Error(Code::invalid_argument, "many-cut-off",
                 "The JSON array of records does not end where its text does.")
        .hint("See whether the file was written to its end.");
}

Error behind_array() {
    return Error(Code::invalid_argument, "many-not-json",
                 "Something follows behind the JSON array of records.")
        .hint("Write one record a line, or a JSON array, or a JSON sequence (RFC 7464).");
}

}  // namespace

void RecordStream::add(std::string_view bytes) {
    while (!bytes.empty()) {
        if (form_ == Form::lines || form_ == Form::sequence) return add_until_separators(bytes);
        const char c = bytes.front();
        if (form_ == Form::unknown)
            begin(c);
        else
            add_to_array(c);
        if (c == '\n') ++line_;
        bytes.remove_prefix(1);
    }
}

void RecordStream::add_until_separators(std::string_view bytes) {
    const char separator = form_ == Form::lines ? '\n' : kSeparator;
    while (!bytes.empty()) {
        const std::size_t at = bytes.find(separator);
        const std::size_t taken = std::min(at, bytes.size());
        keep(bytes.substr(0, taken));
        if (at == std::string_view::npos) return;
        cut();
        if (separator == '\n') ++line_;
        bytes.remove_prefix(taken + 1);
    }
}

/// The first character that is no space.
void RecordStream::begin(char c) {
    if (is_space(c)) return;
    form_ = c == kSeparator ? Form::sequence : c == '[' ? Form::array : Form::lines;
    if (form_ == Form::lines) keep({&c, 1});
}

void RecordStream::add_to_array(char c) {
    if (closed_) {
        if (!is_space(c) && !std::exchange(refused_rest_, true)) refuse(behind_array());
        return;
    }
    const bool between = depth_ == 0 && !in_text_;
    if (between && c == ',') return cut();
    if (between && c == ']') {
        closed_ = true;
        return cut();
    }
    track(c);
    // The line is counted behind it.
    append({&c, 1});
}

/// Commas and brackets count where they are no part of a text.
void RecordStream::track(char c) {
    if (in_text_) {
        if (c == '"' && !escaped_) in_text_ = false;
        escaped_ = c == '\\' && !escaped_;
    } else if (c == '"') {
        in_text_ = true;
    } else if (c == '{' || c == '[') {
        ++depth_;
    } else if ((c == '}' || c == ']') && depth_ > 0) {
        --depth_;
    }
}

/// Lines that are in it are counted here.
void RecordStream::keep(std::string_view part) {
    append(part);
    line_ += static_cast<std::size_t>(std::count(part.begin(), part.end(), '\n'));
}

/// Of what is too large nothing is kept.
void RecordStream::append(std::string_view part) {
    if (blank_) {
        const std::size_t space = std::min(part.find_first_not_of(kSpaces), part.size());
        if (space == part.size()) return;
        const auto skipped = part.substr(0, space);
        begin_line_ =
            line_ + static_cast<std::size_t>(std::count(skipped.begin(), skipped.end(), '\n'));
        part.remove_prefix(space);
        blank_ = false;
    }
    if (too_large_) return;
    current_ += part;
    too_large_ = current_.size() > record::JsonLimits().bytes;
    if (too_large_) std::exchange(current_, std::string());
}

void RecordStream::cut() {
    if (!std::exchange(blank_, true)) {
        Piece piece{++number_, begin_line_, std::exchange(current_, std::string())};
        if (too_large_) piece.text = too_large();
        pieces_.push_back(std::move(piece));
    }
    too_large_ = false;
}

void RecordStream::refuse(Error error) {
    pieces_.push_back({++number_, line_, std::move(error)});
}

void RecordStream::end() {
    if (form_ != Form::array) return cut();
    if (closed_) return;
    closed_ = true;
    cut();
    refuse(cut_off());
}

std::optional<RecordStream::Piece> RecordStream::take() {
    if (pieces_.empty()) return std::nullopt;
    Piece piece = std::move(pieces_.front());
    pieces_.pop_front();
    return piece;
}

}  // namespace hearth::homectl
