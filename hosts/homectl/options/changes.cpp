// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/options/changes.hpp"

#include <algorithm>
#include <utility>

namespace hearth::homectl {

void Changes::set(Section section, const std::string& field, record::Value value) {
    set_[section].insert_or_assign(field, std::move(value));
}

void Changes::drop(const std::string& field) {
    for (auto& [section, fields] : set_) fields.erase(field);
    dropped_.insert(field);
}

Texts Changes::list(Section section, const std::string& field) const {
    const record::Value* value = find(section, field);
    return value == nullptr ? Texts{} : value->strings().value_or(Texts{});
}

void Changes::set_limit(const std::string& name, const Limit& limit) {
    limits_.insert_or_assign(name, limit);
    dropped_limits_.erase(name);
}

void Changes::drop_limit(const std::string& name) {
    limits_.erase(name);
    dropped_limits_.insert(name);
}

void Changes::drop_all_limits() {
    limits_.clear();
    dropped_limits_.clear();
    drop(kLimitsField);
}

bool Changes::empty() const {
    const auto nothing = [](const auto& entry) { return entry.second.empty(); };
    return dropped_.empty() && limits_.empty() && dropped_limits_.empty() && blobs_.empty() &&
           tokens_.empty() && std::all_of(set_.begin(), set_.end(), nothing);
}

const Fields& Changes::in(Section section) const {
    static const Fields kNone;
    const auto found = set_.find(section);
    return found == set_.end() ? kNone : found->second;
}

const record::Value* Changes::find(Section section, const std::string& field) const {
    const Fields& fields = in(section);
    const auto found = fields.find(field);
    return found == fields.end() ? nullptr : &found->second;
}

bool Changes::has_any(Section section) const {
    return !in(section).empty() || (section == Section::this_machine && !limits_.empty());
}

bool Changes::sets(const std::string& field) const {
    return std::any_of(set_.begin(), set_.end(),
                       [&](const auto& entry) { return entry.second.contains(field); });
}

}  // namespace hearth::homectl
