// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/records/limits.hpp"

namespace hearth::homectl {

namespace {

using record::Object;
using record::Value;

Value bound(const std::optional<std::uint64_t>& value) {
    if (!value) return {};  // null: infinity
    return *value;
}

}  // namespace

void drop_limits(Object& holder, const std::set<std::string>& names) {
    Object* limits = holder.find_object(kLimitsField);
    if (!limits) return;
    for (const std::string& name : names) limits->remove(name);
    if (limits->empty()) holder.remove(kLimitsField);
}

void set_limits(Object& holder, const std::map<std::string, Limit>& limits) {
    if (limits.empty()) return;
    Object* all = holder.find_object(kLimitsField);
    if (!all) all = holder.set(kLimitsField, Object()).object();
    for (const auto& [name, limit] : limits) {
        Object entry;
        entry.set("cur", bound(limit.current));
        entry.set("max", bound(limit.maximum));
        all->set(name, std::move(entry));
    }
}

}  // namespace hearth::homectl
