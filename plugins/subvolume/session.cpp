// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session.hpp"

#include <sys/stat.h>

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
    auto limited = set_limit(top.get(), *limit);
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

SubvolumeSession::SubvolumeSession(const sdk::Place& place, sdk::UniqueFd top, bool created,
                                   std::uint32_t owner)
    : place_(place), top_(std::move(top)), created_(created), owner_(owner) {}

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
    struct stat info {};
    if (fstat(top.get(), &info) != 0)
        return sdk::sys_error(errno, std::string(place.name) + " cannot be looked at");
    return std::unique_ptr<sdk::Session>(new SubvolumeSession(
        place, std::move(top), false, info.st_uid == 0 ? HEARTH_OWNER_USER : info.st_uid));
}

sdk::Result<void> SubvolumeSession::mount(sdk::Op, hearth_root& root) {
    root.fd = top_.get();
    root.kind = HEARTH_ROOT_PLAIN_DIR;
    root.idmap = 1;
    root.owner = owner_;
    root.subdir = nullptr;
    return sdk::ok();
}

sdk::Result<void> SubvolumeSession::unmount(sdk::Op) {
    return sdk::ok();
}

sdk::Result<void> SubvolumeSession::resize(sdk::Op op, int, std::uint64_t bytes, hearth_flags flags,
                                           std::uint64_t& actual) {
    if (!is_subvolume(top_.get()))
        return sdk::Error(HEARTH_E_BACKEND_UNAVAILABLE,
                          std::string(place_.name) +
                              " is a plain folder and not a subvolume, so that btrfs cannot limit "
                              "it");
    HEARTH_SDK_CHECK(enable_quota(top_.get()));
    HEARTH_SDK_CHECK(settle_quota(op, top_.get()));
    HEARTH_SDK_TRY(count, count_of(top_.get()));
    HEARTH_SDK_TRY(around, shared::capacity_of(top_.get()));
    const shared::Count now = count.value_or(shared::Count{});
    actual = now.limit == 0 ? around.size : now.limit;
    HEARTH_SDK_TRY(chosen, shared::choose_limit(now, around, bytes, flags));
    if (!chosen) return sdk::ok();
    HEARTH_SDK_CHECK(set_limit(top_.get(), *chosen));
    actual = *chosen;
    return sdk::ok();
}

sdk::Result<void> SubvolumeSession::close(sdk::Op op, std::uint32_t disposition) {
    if (disposition == HEARTH_CLOSE_ROLLBACK) return created_ ? discard(op) : sdk::ok();
    HEARTH_SDK_CHECK(shared::sync_folder(top_.get(), place_.name));
    if (!created_) return sdk::ok();
    const sdk::Critical between_two_names(op);
    auto published = shared::publish(place_);
    // Nobody could find it under its temporary name any more.
    if (!published) static_cast<void>(discard(op));
    return published;
}

sdk::Result<void> SubvolumeSession::discard(sdk::Op op) {
    top_.reset();
    return remove_home(op, place_.dir, place_.temp_name);
}

}  // namespace hearth::subvolume
