// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/service/caller_limit.hpp"

#include <fcntl.h>

#include <limits>

#include "core/record/json.hpp"
#include "core/system/files.hpp"

namespace hearth::service {

namespace {

constexpr std::uint64_t kSecond = 1'000'000;
/// Windows that are this old are nobody's any more, however long one may be.
constexpr std::uint64_t kForgotten = 24 * 3600 * kSecond;
constexpr std::size_t kMost = 4096;
constexpr const char* kFile = "strangers";

Error too_many(const std::string& user, std::uint64_t wait_usec) {
    return Error(Code::permission, "too-many-attempts",
                 "Too many attempts to open the home of " + user + ".")
        .why("The user who tries has done so too often.")
        .hint("Try again in " + std::to_string((wait_usec + kSecond - 1) / kSecond) + " s.");
}

}  // namespace

Result<void> CallerLimit::count(const record::Effective& home, uid_t caller,
                                std::uint64_t now_usec) {
    load();
    const std::uint64_t interval = home.number("rateLimitIntervalUSec").value_or(60 * kSecond);
    const std::uint64_t burst = home.number("rateLimitBurst").value_or(30);
    Window& window = windows_[{home.user_name(), caller}];
    const bool over = window.begin_usec > now_usec || now_usec - window.begin_usec >= interval;
    if (over) window = Window{now_usec, 0};
    if (window.count >= burst)
        return too_many(home.user_name(), interval - (now_usec - window.begin_usec));
    ++window.count;
    save(now_usec);
    return ok();
}

/// What cannot be read counts as empty: an attacker who can change it is root.
void CallerLimit::load() {
    if (std::exchange(loaded_, true)) return;
    const auto dir = system::open_dir(root_.run_dir());
    if (!dir) return;
    const auto text = system::read_file_at(dir->get(), kFile, std::size_t{1} << 20);
    if (!text) return;
    const auto entries = record::parse_json(*text);
    const record::Array* const list = entries ? entries->array() : nullptr;
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
        const record::Object* const entry = (*list)[i].object();
        if (entry == nullptr) continue;
        const auto user = entry->get("user").text();
        const auto uid = entry->get("caller").natural();
        if (!user || !uid) continue;
        windows_[{*user, static_cast<uid_t>(*uid)}] = {entry->get("begin").natural().value_or(0),
                                                       entry->get("count").natural().value_or(0)};
    }
}

void CallerLimit::save(std::uint64_t now_usec) {
    std::erase_if(windows_, [&](const auto& entry) {
        return entry.second.begin_usec + kForgotten < now_usec;
    });
    // Somebody with that many accounts is root as well.
    while (windows_.size() > kMost) windows_.erase(windows_.begin());
    record::Array list;
    for (const auto& [key, window] : windows_) {
        record::Object entry;
        entry.set("user", key.first);
        entry.set("caller", std::uint64_t{key.second});
        entry.set("begin", window.begin_usec);
        entry.set("count", window.count);
        list.emplace_back(std::move(entry));
    }
    if (const auto dir = system::open_dir(root_.run_dir()))
        (void)system::write_file_atomic_at(
            dir->get(), kFile, record::to_canonical(record::Value(std::move(list))),
            system::FileMode{0600, 0, 0}, system::Durability::atomic);
}

}  // namespace hearth::service
