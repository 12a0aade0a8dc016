// SPDX-License-Identifier: LGPL-2.1-or-later
#include <charconv>
#include <cstdio>

#include "core/record/json.hpp"

namespace hearth::record {

namespace {

void append_string(std::string& out, const std::string& text) {
    constexpr std::string_view kEscaped = "\"\\\b\f\n\r\t";
    constexpr std::string_view kLetter = "\"\\bfnrt";
    constexpr char kHex[] = "0123456789abcdef";
    out += '"';
    std::size_t copied = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
        out.append(text, copied, at - copied);
        copied = at + 1;
        out += '\\';
        if (const std::size_t which = kEscaped.find(c); which != std::string_view::npos) {
            out += kLetter[which];
        } else {
            out += "u00";
            out += kHex[static_cast<unsigned char>(c) >> 4U];
            out += kHex[static_cast<unsigned char>(c) & 15U];
        }
    }
    out.append(text, copied);
    out += '"';
}

template <typename T>
void append_integer(std::string& out, T number) {
    char buffer[24];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, number);
    out.append(buffer, end.ptr);
}

/// 21 digits: what glibc's DECIMAL_DIG is on x86-64, which systemd prints with. Only whole numbers
/// come here.
void append_real(std::string& out, double number) {
    char buffer[48];
    const double no_minus_zero = number == 0 ? 0 : number;
    const auto length = std::snprintf(buffer, sizeof buffer, "%.21e", no_minus_zero);
    out.append(buffer, static_cast<std::size_t>(length));
}

class Printer {
  public:
    explicit Printer(bool pretty) : pretty_(pretty) {}

    void operator()(std::nullptr_t) { out_ += "null"; }
    void operator()(bool flag) { out_ += flag ? "true" : "false"; }
    void operator()(std::int64_t number) { append_integer(out_, number); }
    void operator()(std::uint64_t number) { append_integer(out_, number); }
    void operator()(double number) { append_real(out_, number); }
    void operator()(const std::string& text) { append_string(out_, text); }
    void operator()(const Object& nested) { object(nested, nullptr); }
    void operator()(const Array& array) {
        bool empty = true;
        out_ += '[';
        ++level_;
        for (const auto& element : array) {
            next(empty);
            element.visit(*this);
        }
        close(empty, ']');
    }

    void object(const Object& object, bool (*keep)(std::string_view name)) {
        bool empty = true;
        out_ += '{';
        ++level_;
        for (const auto& [name, member] : object) {
            if (keep && !keep(name)) continue;
            next(empty);
            append_string(out_, name);
            out_ += pretty_ ? " : " : ":";
            member.visit(*this);
        }
        close(empty, '}');
    }

    std::string take() { return std::move(out_); }

  private:
    void next(bool& empty) {
        if (!empty) out_ += ',';
        empty = false;
        new_line();
    }

    void close(bool empty, char end) {
        --level_;
        if (!empty) new_line();
        out_ += end;
    }

    void new_line() {
        if (!pretty_) return;
        out_ += '\n';
        out_.append(level_, '\t');
    }

    bool pretty_;
    std::size_t level_ = 0;
    std::string out_;
};

}  // namespace

std::string to_canonical(const Value& value) {
    Printer printer(false);
    value.visit(printer);
    return printer.take();
}

std::string to_canonical_if(const Object& object, bool (*keep)(std::string_view name)) {
    Printer printer(false);
    printer.object(object, keep);
    return printer.take();
}

std::string to_canonical(const Object& object) {
    return to_canonical_if(object, nullptr);
}

std::string to_pretty(const Object& object) {
    Printer printer(true);
    printer.object(object, nullptr);
    std::string text = printer.take();
    text += '\n';
    return text;
}

}  // namespace hearth::record
