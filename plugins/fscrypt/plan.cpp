// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plan.hpp"

#include <charconv>
#include <optional>

namespace hearth::fscrypt {

namespace {

constexpr std::string_view kOld = "old ";
constexpr std::string_view kNew = "new ";
constexpr std::string_view kKept = "kept ";
constexpr std::size_t kHashDigits = 16;

void add_lines(std::string& out, std::string_view word, const std::vector<SlotMark>& marks) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (const SlotMark& mark : marks) {
        out += word;
        out += std::to_string(mark.number) + " ";
        for (const std::uint8_t byte : mark.hash) {
            out += kDigits[byte >> 4U];
            out += kDigits[byte & 15U];
        }
        out += '\n';
    }
}

template <typename T>
bool read_number(std::string_view text, int base, T& out) {
    const auto end = text.data() + text.size();
    const auto [stop, wrong] = std::from_chars(text.data(), end, out, base);
    return wrong == std::errc() && stop == end;
}

/// "0 0123456789abcdef"
std::optional<SlotMark> mark_of(std::string_view text) {
    const auto space = text.find(' ');
    if (space == std::string_view::npos || text.size() - space - 1 != kHashDigits)
        return std::nullopt;
    SlotMark mark;
    if (!read_number(text.substr(0, space), 10, mark.number)) return std::nullopt;
    const std::string_view digits = text.substr(space + 1);
    for (std::size_t i = 0; i < mark.hash.size(); ++i)
        if (!read_number(digits.substr(2 * i, 2), 16, mark.hash[i])) return std::nullopt;
    return mark;
}

/// The list that a line belongs to, or nothing.
std::vector<SlotMark>* list_of(Plan& plan, std::string_view line) {
    if (line.starts_with(kOld)) return &plan.old_slots;
    if (line.starts_with(kNew)) return &plan.new_slots;
    return line.starts_with(kKept) ? &plan.kept_slots : nullptr;
}

}  // namespace

std::string to_note(const Plan& plan) {
    std::string out;
    add_lines(out, kOld, plan.old_slots);
    add_lines(out, kNew, plan.new_slots);
    add_lines(out, kKept, plan.kept_slots);
    return out;
}

sdk::Result<Plan> parse_plan(std::string_view note) {
    Plan plan;
    while (!note.empty()) {
        const auto end = note.find('\n');
        const std::string_view line = note.substr(0, end);
        auto* const list = list_of(plan, line);
        const auto mark = list ? mark_of(line.substr(line.find(' ') + 1)) : std::nullopt;
        if (end == std::string_view::npos || !mark)
            return sdk::Error(HEARTH_E_CORRUPT, "the note about the key slots cannot be read");
        list->push_back(*mark);
        note.remove_prefix(end + 1);
    }
    return plan;
}

}  // namespace hearth::fscrypt
