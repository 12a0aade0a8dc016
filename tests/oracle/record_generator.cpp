// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/oracle/record_generator.hpp"

#include <array>
#include <cstdio>

#include "core/record/utf8.hpp"

namespace hearth::oracle {

namespace {

constexpr unsigned kDeepest = 6;

constexpr std::array kFieldNames{"userName",
                                 "realm",
                                 "realName",
                                 "lastChangeUSec",
                                 "perMachine",
                                 "privileged",
                                 "diskSize",
                                 "uid",
                                 "storage",
                                 "binding",
                                 "hashedPassword",
                                 "K",
                                 "k",
                                 "~",
                                 "-",
                                 "",
                                 "x y",
                                 "a/b"};

constexpr std::array kCornerNumbers{"0",
                                    "-0",
                                    "1",
                                    "-1",
                                    "9223372036854775807",
                                    "9223372036854775808",
                                    "18446744073709551615",
                                    "-9223372036854775808",
                                    "4294967295",
                                    "-2147483648"};

std::string unit_escape(std::uint32_t unit, bool upper) {
    char buffer[8];
    std::snprintf(buffer, sizeof buffer, upper ? "\\u%04X" : "\\u%04x", unit);
    return buffer;
}

std::string escaped(std::uint32_t c, bool upper) {
    if (c < 0x10000) return unit_escape(c, upper);
    return unit_escape(0xD800 + ((c - 0x10000) >> 10U), upper) +
           unit_escape(0xDC00 + ((c - 0x10000) & 0x3FFU), upper);
}

}  // namespace

std::string RecordGenerator::record() {
    return space() + object(0) + space();
}

std::string RecordGenerator::value(unsigned depth) {
    const auto kind = below(depth < kDeepest ? 12 : 8);
    if (kind < 4) return quoted(text());
    if (kind < 7) return number();
    if (kind == 7) return std::array{"true", "false", "null"}[below(3)];
    return kind < 10 ? object(depth + 1) : array(depth + 1);
}

std::string RecordGenerator::object(unsigned depth) {
    std::map<std::string, std::string> members;
    const auto count = below(depth == 0 ? 20 : 6);
    for (std::uint64_t i = 0; i < count; ++i) members.emplace(plain_key(), value(depth));
    std::string out = "{" + space();
    for (auto member = members.begin(); member != members.end(); ++member) {
        if (member != members.begin()) out += "," + space();
        out += quoted(member->first) + space() + ":" + space() + member->second + space();
    }
    return out + "}";
}

std::string RecordGenerator::array(unsigned depth) {
    std::string out = "[" + space();
    const auto count = below(7);
    for (std::uint64_t i = 0; i < count; ++i)
        out += (i == 0 ? "" : "," + space()) + value(depth) + space();
    return out + "]";
}

std::string RecordGenerator::number() {
    switch (below(6)) {
        case 0:
            return kCornerNumbers[below(kCornerNumbers.size())];
        case 1:
            return std::to_string(random_());
        case 2:
            return std::to_string(static_cast<std::int64_t>(random_()));
        case 3:
            return real();
        default:
            return std::to_string(below(100'000));
    }
}

/// Only the plain form: systemd computes powers of ten inexactly and refuses some of its own
/// exponents.
std::string RecordGenerator::real() {
    std::string text = chance(30) ? "-" : "";
    text += std::to_string(chance(50) ? below(1000) : below(std::uint64_t{1} << 53U));
    return text + "." + std::string(1 + below(3), '0');
}

std::string RecordGenerator::plain_key() {
    return chance(60) ? kFieldNames[below(kFieldNames.size())] : text();
}

std::string RecordGenerator::text() {
    std::string out;
    const auto length = below(12);
    for (std::uint64_t i = 0; i < length; ++i) append_character(out);
    return out;
}

void RecordGenerator::append_character(std::string& out) {
    while (true) {
        const std::uint64_t bound =
            std::array<std::uint64_t, 4>{0x80, 0x80, 0x3000, 0x110000}[below(4)];
        const auto c = static_cast<std::uint32_t>(below(bound));
        if (c == 0 || c == 0x7F || !record::is_text_code_point(c)) continue;
        record::append_utf8(out, c);
        return;
    }
}

/// Every character raw or escaped, as chance has it; both mean the same.
std::string RecordGenerator::quoted(const std::string& text) {
    constexpr std::string_view kMeaning = "\"\\/\b\f\n\r\t";
    constexpr std::string_view kShort = "\"\\/bfnrt";
    std::string out = "\"";
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = record::utf8_length(text, at);
        const auto first = static_cast<unsigned char>(text[at]);
        std::uint32_t c = first;
        if (length > 1) {
            c = first & (0xFFU >> (length + 1));
            for (std::size_t i = 1; i < length; ++i)
                c = (c << 6U) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
        }
        const std::size_t which = length == 1 ? kMeaning.find(text[at]) : std::string_view::npos;
        const bool must = c < 0x20 || c == '"' || c == '\\';
        if (which != std::string_view::npos && (must || chance(30)) && chance(70))
            out += std::string("\\") + kShort[which];
        else if (must || chance(10))
            out += escaped(c, chance(50));
        else
            out.append(text, at, length);
        at += length;
    }
    return out + "\"";
}

std::string RecordGenerator::space() {
    if (chance(80)) return "";
    std::string out;
    for (std::uint64_t i = 1 + below(3); i > 0; --i) out += " \t\n\r"[below(4)];
    return out;
}

std::string RecordGenerator::broken(std::string text) {
    constexpr std::string_view kSuspects(
        "{}[]\",:\\ue0123456789.-+eE\x01\x1f\x7f\x80\xc0\xed\xff tfn/\n");
    for (std::uint64_t i = 1 + below(3); i > 0 && !text.empty(); --i) {
        const auto at = below(text.size());
        const char c = kSuspects[below(kSuspects.size())];
        switch (below(4)) {
            case 0:
                text[at] = c;
                break;
            case 1:
                text.insert(at, 1, c);
                break;
            case 2:
                text.erase(at, 1 + below(3));
                break;
            default:
                text.insert(at, text.substr(below(text.size()), below(20)));
        }
    }
    return text;
}

}  // namespace hearth::oracle
