// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/service/registry.hpp"

#include "core/home/store.hpp"
#include "core/home/uid.hpp"

namespace hearth::service {

namespace {

/// Every text that names this home.
std::vector<std::string> names_of(const Home& home) {
    std::vector<std::string> names{home.user_name()};
    names.insert(names.end(), home.aliases().begin(), home.aliases().end());
    const std::string& realm = home.record().realm();
    if (realm.empty()) return names;
    for (std::size_t i = 0, n = names.size(); i < n; ++i) names.push_back(names[i] + "@" + realm);
    return names;
}

}  // namespace

Home* Registry::find(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second;
}

Home* Registry::find_uid(uid_t uid) const {
    const auto found = by_uid_.find(uid);
    return found == by_uid_.end() ? nullptr : found->second;
}

Home* Registry::find_any(std::string_view name) const {
    if (Home* const home = find(name)) return home;
    const auto uid = home::parse_uid(name);
    return uid ? find_uid(*uid) : nullptr;
}

/// A name that two homes claim stays with the one that had it first; a user name wins over an
/// alias.
void Registry::index(Home& home) {
    by_name_[home.user_name()] = &home;
    for (const std::string& name : names_of(home)) by_name_.emplace(name, &home);
    if (home.uid() != kNoUid) by_uid_.emplace(home.uid(), &home);
}

void Registry::drop_index(const Home& home) {
    std::erase_if(by_name_, [&](const auto& entry) { return entry.second == &home; });
    std::erase_if(by_uid_, [&](const auto& entry) { return entry.second == &home; });
}

Home& Registry::put(record::UserRecord record, bool fixated) {
    const std::string user = record.user_name();
    auto& place = homes_[user];
    if (place) {
        drop_index(*place);
        place->replace_record(std::move(record), fixated);
    } else {
        place = std::make_unique<Home>(std::move(record), fixated, surroundings_);
    }
    index(*place);
    return *place;
}

Result<void> Registry::load(std::vector<Error>& problems) {
    HEARTH_TRY(store, home::Store::open(surroundings_.root));
    HEARTH_TRY(names, store.names());
    for (const std::string& name : names) {
        if (auto record = store.load(name))
            put(std::move(record).value(), true);
        else
            problems.push_back(std::move(record).error());
    }
    return ok();
}

Result<Registry::Change> Registry::reload(const std::string& user) {
    HEARTH_TRY(store, home::Store::open(surroundings_.root));
    auto record = store.load(user);
    const auto there = homes_.find(user);
    const bool known = there != homes_.end();
    if (!record) {
        if (record.error().id() != "home-unknown") return std::move(record).error();
        if (!known || !there->second->is_fixated()) return Change::none;
        forget(user);
        return Change::removed;
    }
    if (known && there->second->is_fixated() && there->second->record().json() == record->json())
        return Change::none;
    put(std::move(record).value(), true);
    return known ? Change::changed : Change::added;
}

Home& Registry::add_unfixated(record::UserRecord record) {
    return put(std::move(record), false);
}

void Registry::forget(const std::string& user) {
    const auto there = homes_.find(user);
    if (there == homes_.end()) return;
    drop_index(*there->second);
    homes_.erase(there);
}

}  // namespace hearth::service
