// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/service/registry.hpp"

#include "core/home/store.hpp"
#include "core/home/uid.hpp"
#include "core/record/effective.hpp"
#include "core/service/loading.hpp"

namespace hearth::service {

namespace {

/// Every text that names this home.
std::vector<std::string> names_of(const Home& home) {
    std::vector<std::string> names{home.user_name()};
    names.insert(names.end(), home.aliases().begin(), home.aliases().end());
    const std::string& realm = home.realm();
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

const Home* Registry::next_in_group(std::string_view group, std::string_view behind) const {
    const Home* const listed = by_group_.next(group, behind);
    const auto own = homes_.find(group);
    if (own == homes_.end() || own->first <= behind) return listed;
    return listed == nullptr || own->first < listed->user_name() ? own->second.get() : listed;
}

home::Neighbours Registry::neighbours_of(const record::UserRecord& record) const {
    home::Neighbours out;
    const record::Effective wanted(record, surroundings_.machine);
    const auto is_other = [&](const Home* home) {
        return home != nullptr && home->user_name() != record.user_name();
    };
    const auto look_at = [&](uid_t uid) {
        if (is_other(find_uid(uid))) out.uids.insert(uid);
    };
    for (uid_t uid = home::kFirstHomeUid; uid <= home::kLastHomeUid; ++uid) look_at(uid);
    if (const auto uid = wanted.number("uid")) look_at(static_cast<uid_t>(*uid));
    for (const std::string& name : home::names_of(wanted))
        if (is_other(find(name))) out.names.insert(name);
    // An image without a wish is called like the user, with the ending of its storage.
    const std::string image = "/home/" + record.identity();
    out.paths = by_path_.that_begin_with(image + ".");
    for (const auto& path : {image, wanted.home_directory(), wanted.text("imagePath").value_or("")})
        if (const Home* const owner = by_path_.find(path)) out.paths[path] = owner->user_name();
    std::erase_if(out.paths, [&](const auto& one) { return one.second == record.user_name(); });
    return out;
}

/// A name that two homes claim stays with the one that had it first; a user name wins over an
/// alias.
void Registry::index(Home& home) {
    by_name_[home.user_name()] = &home;
    for (const std::string& name : names_of(home)) by_name_.emplace(name, &home);
    if (home.uid() != kNoUid) by_uid_.emplace(home.uid(), &home);
    by_group_.add(home);
    by_path_.add(home);
}

void Registry::drop_index(const Home& home) {
    for (const std::string& name : names_of(home))
        if (const auto entry = by_name_.find(name);
            entry != by_name_.end() && entry->second == &home)
            by_name_.erase(entry);
    if (const auto entry = by_uid_.find(home.uid());
        entry != by_uid_.end() && entry->second == &home)
        by_uid_.erase(entry);
    by_group_.drop(home);
    by_path_.drop(home);
}

Home& Registry::put(const record::UserRecord& record, bool fixated) {
    const std::string user = record.user_name();
    auto& place = homes_[user];
    if (place) {
        drop_index(*place);
        place->replace_record(record, fixated);
    } else {
        place = std::make_unique<Home>(record, fixated, surroundings_);
    }
    index(*place);
    return *place;
}

Result<void> Registry::load(std::vector<Error>& problems) {
    HEARTH_TRY(store, home::Store::open(surroundings_.root));
    HEARTH_TRY(names, store.names());
    for (auto& loaded : load_homes(store, names, surroundings_)) {
        if (!loaded) {
            problems.push_back(std::move(loaded).error());
            continue;
        }
        Home& home = **loaded;
        homes_.insert_or_assign(home.user_name(), std::move(loaded).value());
        index(home);
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
    if (known && there->second->is_fixated() &&
        there->second->compact() == record::CompactRecord(*record))
        return Change::none;
    put(*record, true);
    return known ? Change::changed : Change::added;
}

Home& Registry::add_unfixated(const record::UserRecord& record) {
    return put(record, false);
}

void Registry::forget(const std::string& user) {
    const auto there = homes_.find(user);
    if (there == homes_.end()) return;
    drop_index(*there->second);
    homes_.erase(there);
}

}  // namespace hearth::service
