// SPDX-License-Identifier: LGPL-2.1-or-later
#include "storage.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <optional>
#include <string>

#include "btrfs.hpp"
#include "plugins/shared/home_folder.hpp"
#include "plugins/shared/limit.hpp"
#include "qgroup.hpp"
#include "removal.hpp"

namespace hearth::subvolume {

namespace {

/// systemd-homed makes a plain folder there and calls it a subvolume; a person who asked for one is
/// better told.
sdk::Result<void> check_btrfs(const sdk::Place& place) {
    if (is_on_btrfs(place.dir)) return sdk::ok();
    return sdk::Error(HEARTH_E_BACKEND_UNAVAILABLE,
                      std::string("the folder in which ") + place.name +
                          " would be is not on btrfs, which alone has subvolumes: use "
                          "--storage=directory, or another folder with --image-path=");
}

sdk::Result<std::optional<std::uint64_t>> limit_for(const sdk::Place& place,
                                                    const sdk::Record& record) {
    HEARTH_SDK_TRY(around, shared::capacity_of(place.dir));
    return shared::wanted_limit(record, around.size);
}

/// The limit as the host's record has it, which is the old one or the new one.
sdk::Result<void> restore_limit(const sdk::Place& place, const sdk::Record& record) {
    HEARTH_SDK_TRY(top, shared::open_home(place, place.name));
    if (!is_subvolume(top.get())) return sdk::ok();
    HEARTH_SDK_TRY(count, count_of(top.get()));
    if (!count) return sdk::ok();
    const auto limit = limit_for(place, record);
    return set_limit(place.dir, top.get(), limit ? (*limit).value_or(0) : 0);
}

}  // namespace

sdk::Result<void> SubvolumeStorage::validate(sdk::Op op, const sdk::Record& record) {
    HEARTH_SDK_TRY(place, op.place(record));
    HEARTH_SDK_CHECK(check_btrfs(place));
    HEARTH_SDK_TRY(limit, limit_for(place, record));
    static_cast<void>(limit);
    return sdk::ok();
}

sdk::Result<void> SubvolumeStorage::probe(sdk::Op, int fd, hearth_probe& out) {
    if (!is_subvolume(fd)) return sdk::ok();
    const shared::Looks looks = shared::look_at(fd, out);
    if (looks.named || looks.has_identity) out.certainty = HEARTH_PROBE_CERTAIN;
    return sdk::ok();
}

sdk::Result<void> SubvolumeStorage::usage(sdk::Op op, const sdk::Record& record, int,
                                          hearth_usage& out) {
    HEARTH_SDK_TRY(place, op.place(record));
    HEARTH_SDK_TRY(top, shared::open_home(place, place.name));
    HEARTH_SDK_TRY(around, shared::capacity_of(top.get()));
    shared::put_usage(around, out);
    if (!is_subvolume(top.get())) return sdk::ok();
    HEARTH_SDK_TRY(count, count_of(top.get()));
    if (count) shared::put_usage(*count, around, out);
    return sdk::ok();
}

sdk::Result<void> SubvolumeStorage::erase(sdk::Op op, const sdk::Place& place, const char* name,
                                          const sdk::Record&) {
    return remove_home(op, place.dir, name);
}

sdk::Result<void> SubvolumeStorage::recover_change(sdk::Op, const sdk::Place& place,
                                                   const sdk::Record& record,
                                                   const hearth_intent& intent, bool) {
    return intent.verb == HEARTH_VERB_RESIZE ? restore_limit(place, record) : sdk::ok();
}

sdk::Result<std::unique_ptr<sdk::Session>> SubvolumeStorage::create(sdk::Op op,
                                                                    sdk::WritableRecord record,
                                                                    sdk::Credentials) {
    HEARTH_SDK_TRY(place, op.place(record));
    HEARTH_SDK_CHECK(check_btrfs(place));
    HEARTH_SDK_TRY(limit, limit_for(place, record));
    return SubvolumeSession::create(place, limit);
}

sdk::Result<std::unique_ptr<sdk::Session>> SubvolumeStorage::unlock_medium(
    sdk::Op op, sdk::WritableRecord record, hearth_flags) {
    HEARTH_SDK_TRY(place, op.place(record));
    return SubvolumeSession::open(place);
}

}  // namespace hearth::subvolume

HEARTH_PLUGIN(hearth::subvolume::SubvolumeStorage);
