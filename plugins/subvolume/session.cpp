// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session.hpp"

#include <cerrno>
#include <string>
#include <utility>

#include "btrfs.hpp"
#include "plugins/shared/home_folder.hpp"
#include "plugins/shared/limit.hpp"
#include "qgroup.hpp"
#include "removal.hpp"

namespace hearth::subvolume {

namespace {

sdk::Result<sdk::UniqueFd> make(const sdk::Place& place, std::optional<std::uint64_t> limit) {
    // Before the subvolume, so that its own count begins with it.
    if (limit) HEARTH_SDK_CHECK(enable_quota(place.dir));
    HEARTH_SDK_TRY(top, create_subvolume(place.dir, place.temp_name));
    if (!limit) return top;
    auto limited = set_limit(place.dir, top.get(), *limit);
    if (limited) return top;
    top.reset();
    static_cast<void>(destroy_subvolume(place.dir, place.temp_name));
    return std::move(limited).error();
}

sdk::Result<void> check_writable(int top, const char* name) {
    HEARTH_SDK_TRY(read_only, is_read_only(top));
    if (!read_only) return sdk::ok();
    return sdk::Error(HEARTH_E_PERMISSION,
                      std::string("the subvolume ") + name +
                          " is read-only, as \"btrfs receive\" and snapshots for backups leave it; "
                          "make it writable with: btrfs property set -f PATH ro false",
                      EROFS);
}

}  // namespace

sdk::Result<std::unique_ptr<sdk::Session>> SubvolumeSession::create(
    const sdk::Place& place, std::optional<std::uint64_t> limit) {
    // Said before any work is done; close() makes sure of it again.
    if (shared::exists(place)) return shared::exists_already(place);
    HEARTH_SDK_TRY(top, make(place, limit));
    return std::unique_ptr<sdk::Session>(
        new SubvolumeSession(place, std::move(top), true, HEARTH_OWNER_NOBODY));
}

sdk::Result<std::unique_ptr<sdk::Session>> SubvolumeSession::open(const sdk::Place& place) {
    HEARTH_SDK_TRY(top, shared::open_home(place, place.name));
    if (is_subvolume(top.get())) HEARTH_SDK_CHECK(check_writable(top.get(), place.name));
    HEARTH_SDK_TRY(owner, shared::owner_of(top.get()));
    return std::unique_ptr<sdk::Session>(new SubvolumeSession(place, std::move(top), false, owner));
}

sdk::Result<void> SubvolumeSession::resize(sdk::Op op, int, std::uint64_t bytes, hearth_flags flags,
                                           std::uint64_t& actual) {
    if (!is_subvolume(folder()))
        return sdk::Error(HEARTH_E_BACKEND_UNAVAILABLE,
                          std::string(place().name) +
                              " is a plain folder and not a subvolume, so that btrfs cannot limit "
                              "it");
    HEARTH_SDK_CHECK(enable_quota(folder()));
    HEARTH_SDK_CHECK(settle_quota(op, folder()));
    HEARTH_SDK_TRY(count, count_of(folder()));
    HEARTH_SDK_TRY(around, shared::capacity_of(folder()));
    const shared::Count now = count.value_or(shared::Count{});
    actual = now.limit == 0 ? around.size : now.limit;
    HEARTH_SDK_TRY(chosen, shared::choose_limit(now, around, bytes, flags));
    if (!chosen) return sdk::ok();
    HEARTH_SDK_CHECK(set_limit(place().dir, folder(), *chosen));
    actual = *chosen;
    return sdk::ok();
}

sdk::Result<void> SubvolumeSession::discard(sdk::Op op) {
    return remove_home(op, place().dir, place().temp_name);
}

}  // namespace hearth::subvolume
