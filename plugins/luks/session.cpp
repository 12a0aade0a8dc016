// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "file_system.hpp"
#include "kept_key.hpp"
#include "rekey.hpp"
#include "token.hpp"

namespace hearth::luks {

namespace {

constexpr std::uint32_t kWarning = 4;

sdk::Result<void> make_home_folder(int mount, const std::string& label) {
    if (mkdirat(mount, label.c_str(), 0700) == 0 &&
        fchownat(mount, label.c_str(), HEARTH_OWNER_NOBODY, HEARTH_OWNER_NOBODY,
                 AT_SYMLINK_NOFOLLOW) == 0)
        return sdk::ok();
    return sdk::sys_error(errno, "the folder of the home cannot be made in its file system");
}

}  // namespace

sdk::Result<std::unique_ptr<sdk::Session>> LuksSession::open(sdk::Op op, const sdk::Place& place,
                                                             const Settings& settings,
                                                             bool repair) {
    HEARTH_SDK_TRY(mapping, mapping_of(settings));
    if (mapping && mapping->suspended)
        return sdk::Error(HEARTH_E_HOME_LOCKED, "the home's mapping is suspended");
    // Of a home that somebody else has closed.
    if (!mapping) drop_key(settings.mapping);
    HEARTH_SDK_TRY(medium, open_medium(op, place, settings, repair));
    HEARTH_SDK_TRY(found, medium.volume->find_key(op));
    return std::unique_ptr<sdk::Session>(
        new LuksSession(place, settings, std::move(medium), std::move(found.key), found.slot));
}

sdk::Result<std::unique_ptr<sdk::Session>> LuksSession::join(sdk::Op op, const sdk::Place& place,
                                                             const Settings& settings) {
    HEARTH_SDK_TRY(mapping, mapping_of(settings));
    if (!mapping) return sdk::Error(HEARTH_E_HOME_NOT_ACTIVE, settings.mapping + " is not there");
    if (mapping->suspended)
        return sdk::Error(HEARTH_E_HOME_LOCKED, "the home's mapping is suspended");
    HEARTH_SDK_CHECK(borrow_key(settings.mapping));
    HEARTH_SDK_TRY(medium, open_medium(op, place, settings));
    return std::unique_ptr<sdk::Session>(
        new LuksSession(place, settings, std::move(medium), sdk::Secret(), -1));
}

/// None in a session that was joined.
sdk::Result<void> LuksSession::require_key() const {
    if (key_) return sdk::ok();
    return sdk::Error(HEARTH_E_NOT_SUPPORTED, "this takes the key of the home");
}

sdk::Result<std::string> LuksSession::header_load(sdk::Op) {
    HEARTH_SDK_CHECK(require_key());
    const auto json = volume().token(kTokenType);
    if (!json)
        return sdk::Error(HEARTH_E_CORRUPT, "there is no record in the header of the volume");
    return open_token(*json, {volume().cipher(), volume().mode(), key_.bytes()});
}

sdk::Result<void> LuksSession::header_store(sdk::Op op, std::string_view text) {
    // Every write of the header costs two syncs.
    if (const auto there = header_load(op); there && *there == text) return sdk::ok();
    HEARTH_SDK_CHECK(require_key());
    HEARTH_SDK_TRY(json, seal_token(text, {volume().cipher(), volume().mode(), key_.bytes()}));
    return volume().set_token(kTokenType, json);
}

sdk::Result<void> LuksSession::map(const std::string& name) {
    const bool discard = settings_.discard || settings_.offline_discard;
    HEARTH_SDK_TRY(mapping, open_mapping(volume(), name, key_, discard));
    mapping_.emplace(std::move(mapping));
    return sdk::ok();
}

sdk::Result<void> LuksSession::mount(sdk::Op op, hearth_root& root) {
    HEARTH_SDK_CHECK(require_key());
    if (medium_.active) return sdk::Error(HEARTH_E_HOME_ACTIVE, "the home is mapped already");
    if (!mapping_) HEARTH_SDK_CHECK(map(settings_.mapping));
    if (auto mounted = mount_mapping(op); !mounted) {
        mount_.reset();
        return mounted;
    }
    root.fd = mount_.get();
    root.kind = HEARTH_ROOT_DETACHED_MOUNT;
    root.idmap = 1;
    root.owner = HEARTH_OWNER_NOBODY;
    root.subdir = settings_.label.c_str();
    return sdk::ok();
}

sdk::Result<void> LuksSession::mount_mapping(sdk::Op op) {
    FileSystem found{settings_.file_system, {}};  // as it was made, a moment ago
    if (!created_) {
        HEARTH_SDK_TRY(there, find_file_system(mapping_->fd.get(), settings_));
        found = std::move(there);
    }
    if (medium_.repair) HEARTH_SDK_CHECK(repair_file_system(op, mapping_->node, found.type));
    if (medium_.dirty) HEARTH_SDK_CHECK(check_file_system(op, mapping_->node, found.type));
    HEARTH_SDK_TRY(mount,
                   mount_file_system(mapping_->node, found.type, settings_, settings_.discard));
    mount_ = std::move(mount);
    return created_ ? make_home_folder(mount_.get(), settings_.label) : sdk::ok();
}

sdk::Result<void> LuksSession::unmount(sdk::Op) {
    mount_.reset();
    return sdk::ok();
}

/// Whoever writes into the home has to find the room that the file system says there is.
sdk::Result<void> LuksSession::take_room(sdk::Op op) {
    if (settings_.discard) return sdk::ok();
    auto filled = fill_holes(medium_.image.get());
    if (filled || filled.error().code() != HEARTH_E_NO_SPACE) return filled;
    op.log(kWarning,
           "the disk around the home is too full to keep all of its room free: new files in the "
           "home may fail to be written");
    return sdk::ok();
}

sdk::Result<void> LuksSession::rekey_prepare(sdk::Op op, sdk::Credentials credentials) {
    HEARTH_SDK_CHECK(require_key());
    HEARTH_SDK_TRY(there, volume().slots());
    HEARTH_SDK_TRY(plan, plan_change(there, owners_in(volume()), opened_, credentials));
    HEARTH_SDK_TRY(derivation, derivation_on_this_machine(op, settings_));
    // On disk before the first of the new slots is.
    HEARTH_SDK_CHECK(op.note(to_note(plan)));
    plan_ = plan;
    HEARTH_SDK_CHECK(add_slots(op, volume(), key_, derivation, credentials, Proof::opened));
    HEARTH_SDK_TRY(after, volume().slots());
    plan.added = to_drop_undoing(plan, after);
    HEARTH_SDK_CHECK(op.note(to_note(plan)));
    plan_ = std::move(plan);
    return sdk::ok();
}

sdk::Result<void> LuksSession::rekey_finish(sdk::Op, bool commit) {
    if (!plan_) return sdk::ok();
    HEARTH_SDK_TRY(there, volume().slots());
    HEARTH_SDK_CHECK(drop_slots(
        volume(), commit ? to_drop_after(*plan_, there) : to_drop_undoing(*plan_, there)));
    plan_.reset();
    return sdk::ok();
}

void LuksSession::release(sdk::Op op) {
    mount_.reset();
    if (mapping_) close_mapping(op, std::move(*mapping_));
    mapping_.reset();
    medium_.volume.reset();
    medium_.loop.fd.reset();
}

sdk::Result<void> LuksSession::leave_open(sdk::Op op) {
    if (medium_.active) return sdk::ok();
    if (mapping_ && !settings_.on_device) keep_key(op, mapping_->name, key_);
    return take_room(op);
}

sdk::Result<void> LuksSession::close(sdk::Op op, std::uint32_t disposition) {
    if (disposition == HEARTH_CLOSE_KEEP_ACTIVE) return leave_open(op);
    sdk::Result<void> undone = sdk::ok();
    if (disposition == HEARTH_CLOSE_ROLLBACK) {
        if (created_) return discard_new(op);
        undone = rekey_finish(op, false);
    }
    release(op);
    return created_ ? publish_new(op) : undone;
}

}  // namespace hearth::luks
