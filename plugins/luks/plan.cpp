// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plan.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace hearth::luks {

namespace {

constexpr int kMostSlots = 32;

using Slots = std::vector<KeySlot>;
struct Kind {
    std::string_view word;
    Slots Plan::*slots;
};
constexpr std::array<Kind, 3> kKinds{
    {{"old ", &Plan::going}, {"keep ", &Plan::kept}, {"new ", &Plan::added}}};

bool is_mark(std::string_view text) {
    return text.size() == 16 &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// "0 0123456789abcdef"
std::optional<KeySlot> slot_of(std::string_view text) {
    KeySlot slot;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), slot.number);
    if (wrong != std::errc() || slot.number < 0 || slot.number >= kMostSlots) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.starts_with(" ") || !is_mark(text.substr(1))) return std::nullopt;
    slot.mark = text.substr(1);
    return slot;
}

bool read_line(std::string_view line, Plan& plan) {
    for (const Kind& kind : kKinds) {
        if (!line.starts_with(kind.word)) continue;
        auto slot = slot_of(line.substr(kind.word.size()));
        if (slot) (plan.*kind.slots).push_back(std::move(*slot));
        return slot.has_value();
    }
    return false;
}

bool contains(const Slots& list, const KeySlot& slot) {
    return std::find(list.begin(), list.end(), slot) != list.end();
}

bool contains_all(const Slots& list, const Slots& wanted) {
    return std::all_of(wanted.begin(), wanted.end(),
                       [&](const KeySlot& slot) { return contains(list, slot); });
}

}  // namespace

std::string to_note(const Plan& plan) {
    std::string out;
    for (const Kind& kind : kKinds)
        for (const KeySlot& slot : plan.*kind.slots)
            out += std::string(kind.word) + std::to_string(slot.number) + " " + slot.mark + "\n";
    return out;
}

sdk::Result<Plan> parse_plan(std::string_view note) {
    Plan plan;
    while (!note.empty()) {
        const auto end = note.find('\n');
        if (end == std::string_view::npos || !read_line(note.substr(0, end), plan))
            return sdk::Error(HEARTH_E_CORRUPT, "the note about the key slots cannot be read");
        note.remove_prefix(end + 1);
    }
    return plan;
}

std::vector<KeySlot> to_drop_after(const Plan& plan, const std::vector<KeySlot>& there) {
    Slots out;
    if (plan.added.empty() || !contains_all(there, plan.added)) return out;
    for (const KeySlot& slot : there)
        if (contains(plan.going, slot)) out.push_back(slot);
    return out;
}

std::vector<KeySlot> to_drop_undoing(const Plan& plan, const std::vector<KeySlot>& there) {
    Slots out;
    if (!contains_all(there, plan.going) || !contains_all(there, plan.kept)) return out;
    for (const KeySlot& slot : there) {
        const bool is_old = contains(plan.going, slot) || contains(plan.kept, slot);
        // Before all of them were there the plan did not know the new ones: they are the others.
        if (!is_old && (plan.added.empty() || contains(plan.added, slot))) out.push_back(slot);
    }
    return out;
}

}  // namespace hearth::luks
