// SPDX-License-Identifier: LGPL-2.1-or-later
#include <charconv>
#include <cstdio>
#include <stdexcept>

#include "core/record/json.hpp"
#include "core/record/poco_value.hpp"

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

    void value(const Poco::Dynamic::Var& var) {
        if (var.isEmpty()) {
            out_ += "null";
        } else if (var.type() == typeid(std::string)) {
            append_string(out_, var.extract<std::string>());
        } else if (auto nested = as_object(var)) {
            object(*nested, nullptr);
        } else if (auto list = as_array(var)) {
            array(*list);
        } else if (var.isBoolean()) {
            out_ += var.extract<bool>() ? "true" : "false";
        } else {
            number(var);
        }
    }

    /// Poco keeps the members of an object in a std::map, so they come sorted bytewise.
    void object(const Poco::JSON::Object& object, bool (*keep)(const std::string& name)) {
        bool empty = true;
        out_ += '{';
        ++level_;
        for (const auto& [name, member] : object) {
            if (keep && !keep(name)) continue;
            next(empty);
            append_string(out_, name);
            out_ += pretty_ ? " : " : ":";
            value(member);
        }
        close(empty, '}');
    }

    std::string take() { return std::move(out_); }

  private:
    void array(const Poco::JSON::Array& array) {
        bool empty = true;
        out_ += '[';
        ++level_;
        for (const auto& element : array) {
            next(empty);
            value(element);
        }
        close(empty, ']');
    }

    void number(const Poco::Dynamic::Var& var) {
        if (var.type() == typeid(double) || var.type() == typeid(float))
            append_real(out_, var.convert<double>());
        else if (!var.isInteger())
            throw std::logic_error("a JSON document holds a value of a foreign type");
        else if (var.isSigned())
            append_integer(out_, var.convert<Poco::Int64>());
        else
            append_integer(out_, var.convert<Poco::UInt64>());
    }

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

std::string to_canonical(const Poco::Dynamic::Var& var) {
    Printer printer(false);
    printer.value(var);
    return printer.take();
}

std::string to_canonical_if(const Poco::JSON::Object& object,
                            bool (*keep)(const std::string& name)) {
    Printer printer(false);
    printer.object(object, keep);
    return printer.take();
}

std::string to_canonical(const Poco::JSON::Object& object) {
    return to_canonical_if(object, nullptr);
}

std::string to_pretty(const Poco::JSON::Object& object) {
    Printer printer(true);
    printer.object(object, nullptr);
    return printer.take() + "\n";
}

}  // namespace hearth::record
