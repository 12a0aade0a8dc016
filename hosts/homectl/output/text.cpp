// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/output/text.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace hearth::homectl {

namespace {

constexpr std::uint32_t kReplacement = 0xFFFD;

struct Range {
    std::uint32_t first;
    std::uint32_t last;
};

// Unicode's wide and full-width characters, in the blocks that names and locations are written in,
// and emoji.
constexpr std::array kWide = {
    Range{0x1100, 0x115F},   Range{0x231A, 0x231B},   Range{0x2E80, 0x303E},
    Range{0x3041, 0x33FF},   Range{0x3400, 0x4DBF},   Range{0x4E00, 0x9FFF},
    Range{0xA000, 0xA4CF},   Range{0xA960, 0xA97F},   Range{0xAC00, 0xD7A3},
    Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},
    Range{0xFFE0, 0xFFE6},   Range{0x1F300, 0x1F64F}, Range{0x1F680, 0x1F6FF},
    Range{0x1F900, 0x1F9FF}, Range{0x1FA70, 0x1FAFF}, Range{0x20000, 0x3FFFD},
};

// Marks that are drawn over the character before them, and characters without a shape.
constexpr std::array kZero = {
    Range{0x0300, 0x036F}, Range{0x0483, 0x0489}, Range{0x0591, 0x05BD},   Range{0x0610, 0x061A},
    Range{0x064B, 0x065F}, Range{0x0900, 0x0902}, Range{0x093C, 0x093C},   Range{0x0E31, 0x0E31},
    Range{0x0E34, 0x0E3A}, Range{0x0E47, 0x0E4E}, Range{0x1AB0, 0x1AFF},   Range{0x1DC0, 0x1DFF},
    Range{0x200B, 0x200D}, Range{0x20D0, 0x20FF}, Range{0x302A, 0x302D},   Range{0x3099, 0x309A},
    Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F}, Range{0xE0100, 0xE01EF},
};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, std::uint32_t character) {
    return std::any_of(ranges.begin(), ranges.end(), [character](const Range& range) {
        return character >= range.first && character <= range.last;
    });
}

/// A cell for each byte, as nearly all texts are; nothing in it has to be looked at more closely.
bool is_simple(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

/// Length of the character that starts with this byte, 0 if none does.
std::size_t sequence_length(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return 2;
    if (lead >= 0xE0 && lead <= 0xEF) return 3;
    if (lead >= 0xF0 && lead <= 0xF4) return 4;
    return 0;
}

bool is_overlong_or_surrogate(std::uint32_t character, std::size_t length) {
    if (length == 3) return character < 0x800 || (character >= 0xD800 && character <= 0xDFFF);
    return length == 4 && (character < 0x10000 || character > 0x10FFFF);
}

}  // namespace

std::uint32_t next_character(std::string_view text, std::size_t& at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = sequence_length(lead);
    const std::size_t start = at++;
    if (length == 1) return lead;
    if (length == 0 || start + length > text.size()) return kReplacement;
    std::uint32_t character = lead & (0x7FU >> length);
    for (std::size_t i = start + 1; i < start + length; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xC0U) != 0x80U) return kReplacement;
        character = (character << 6U) | (byte & 0x3FU);
    }
    if (is_overlong_or_surrogate(character, length)) return kReplacement;
    at = start + length;
    return character;
}

bool is_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t start = at;
        // A genuine U+FFFD takes three bytes; a broken byte takes one.
        if (next_character(text, at) == kReplacement && at - start == 1) return false;
    }
    return true;
}

bool is_control(std::uint32_t character) {
    return character < 0x20 || (character >= 0x7F && character <= 0x9F) ||
           (character >= 0x200E && character <= 0x200F) ||
           (character >= 0x2028 && character <= 0x202E) ||
           (character >= 0x2066 && character <= 0x2069) || character == 0xFEFF;
}

bool is_plain_text(std::string_view text) {
    if (!is_utf8(text)) return false;
    for (std::size_t at = 0; at < text.size();)
        if (is_control(next_character(text, at))) return false;
    return true;
}

std::string clean(std::string_view text) {
    if (is_simple(text)) return std::string(text);
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t start = at;
        const std::uint32_t character = next_character(text, at);
        const bool broken = character == kReplacement && at - start == 1;
        if (broken || is_control(character))
            out += '?';
        else
            out += text.substr(start, at - start);
    }
    return out;
}

std::size_t cell_width(std::string_view text) {
    if (is_simple(text)) return text.size();
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::uint32_t character = next_character(text, at);
        if (is_control(character) || (character >= 0x300 && within(kZero, character))) continue;
        width += character >= 0x1100 && within(kWide, character) ? 2 : 1;
    }
    return width;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> cost(a.size() + 1,
                                               std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
    for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            cost[i][j] = std::min({change, cost[i - 1][j] + 1, cost[i][j - 1] + 1});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    }
    return cost[a.size()][b.size()];
}

}  // namespace hearth::homectl
