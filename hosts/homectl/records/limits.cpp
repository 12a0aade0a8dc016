// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/records/limits.hpp"

namespace hearth::homectl {

namespace {

using Poco::JSON::Object;

Poco::Dynamic::Var bound(const std::optional<std::uint64_t>& value) {
    if (!value) return {};  // null: infinity
    return Poco::Dynamic::Var(Poco::UInt64{*value});
}

}  // namespace

void drop_limits(Object& holder, const std::set<std::string>& names) {
    Object::Ptr limits = holder.getObject(kLimitsField);
    if (limits.isNull()) return;
    for (const std::string& name : names) limits->remove(name);
    if (limits->size() == 0)
        holder.remove(kLimitsField);
    else
        holder.set(kLimitsField, limits);
}

void set_limits(Object& holder, const std::map<std::string, Limit>& limits) {
    if (limits.empty()) return;
    Object::Ptr all = holder.getObject(kLimitsField);
    if (all.isNull()) all = new Object;
    for (const auto& [name, limit] : limits) {
        Object::Ptr entry = new Object;
        entry->set("cur", bound(limit.current));
        entry->set("max", bound(limit.maximum));
        all->set(name, entry);
    }
    holder.set(kLimitsField, all);
}

}  // namespace hearth::homectl
