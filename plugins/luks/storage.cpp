// SPDX-License-Identifier: LGPL-2.1-or-later
#include "storage.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>

#include "device_home.hpp"
#include "file_system.hpp"
#include "kept_key.hpp"
#include "live_resize.hpp"
#include "luks_header.hpp"
#include "recovery.hpp"
#include "suspension.hpp"
#include "token.hpp"

namespace hearth::luks {

namespace {

constexpr std::chrono::seconds kPatience{3};
constexpr std::uint32_t kWarning = 4;

template <std::size_t N>
void put(char (&field)[N], std::string_view text) {
    if (text.size() < N) field[text.copy(field, N - 1)] = '\0';
}

/// "ann", "ann@example.com"
void put_user(hearth_probe& out, const std::string& label) {
    const std::size_t at = label.find('@');
    put(out.label, label);
    put(out.user, std::string_view(label).substr(0, at));
    if (at != std::string::npos) put(out.realm, std::string_view(label).substr(at + 1));
}

/// Everything that was written is on the disk, and what is not in use is given back.
sdk::Result<void> settle(sdk::Op op, const Settings& settings, int root_fd) {
    if (settings.offline_discard) trim(op, root_fd);
    if (syncfs(root_fd) == 0) return sdk::ok();
    return sdk::sys_error(errno, "the home's files cannot be put on the disk");
}

/// What a home is while it is mapped. Nothing: it is not.
sdk::Result<std::optional<std::uint32_t>> state_of_mapping(const Settings& settings) {
    HEARTH_SDK_TRY(mapping, mapping_of(settings));
    std::optional<std::uint32_t> state;
    if (mapping && mapping->opened > 0) state = HEARTH_STATE_ACTIVE;
    if (mapping && mapping->suspended) state = HEARTH_STATE_LOCKED;
    return state;
}

/// ABSENT, UNKNOWN, or nothing: the image is there.
sdk::Result<std::optional<std::uint32_t>> state_of_missing(const sdk::Place& place) {
    struct stat info {};
    std::optional<std::uint32_t> state;
    if (fstatat(place.dir, place.name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno != ENOENT)
            return sdk::sys_error(errno, std::string(place.name) + " cannot be looked at");
        state = HEARTH_STATE_ABSENT;
    } else if (!S_ISREG(info.st_mode)) {
        state = HEARTH_STATE_UNKNOWN;
    }
    return state;
}

sdk::Error lingers(const Settings& settings) {
    return {HEARTH_E_LINGERING, "files of the home are still open: " + settings.mapping +
                                    " stays until they are closed"};
}

}  // namespace

sdk::Result<void> LuksStorage::validate(sdk::Op op, const sdk::Record& record) {
    HEARTH_SDK_TRY(place, op.place(record));
    HEARTH_SDK_TRY(settings, settings_of(record));
    HEARTH_SDK_CHECK(require_device_mapper());
    if (settings.has_file_system) HEARTH_SDK_CHECK(require_tools(settings.file_system));
    HEARTH_SDK_CHECK(check_cipher(settings.cipher, settings.mode, settings.key_size));
    if (settings.on_device) return check_device(place, record, settings);
    if (exists(place)) return sdk::ok();
    HEARTH_SDK_TRY(room, space_around(place.dir));
    HEARTH_SDK_TRY(size, new_size(record, settings, room));
    static_cast<void>(size);
    return sdk::ok();
}

sdk::Result<void> LuksStorage::probe(sdk::Op, int fd, hearth_probe& out) {
    struct stat info {};
    if (fstat(fd, &info) != 0) return sdk::sys_error(errno, "the image cannot be looked at");
    if (!S_ISREG(info.st_mode) && !S_ISBLK(info.st_mode)) return sdk::ok();
    HEARTH_SDK_TRY(size, size_of(fd));
    const ReadAt read = reader_of(fd);
    const auto table = parse_table(read, size);
    if (!table) {
        const bool bare = look_at_header(read, {0, size}) == HeaderKind::luks2;
        if (bare) out.certainty = HEARTH_PROBE_MAYBE;
        return sdk::ok();
    }
    for (const Partition& one : table->partitions) {
        if (!(one.type == home_partition_type())) continue;
        out.certainty = HEARTH_PROBE_CERTAIN;
        put_user(out, one.name);
    }
    return sdk::ok();
}

sdk::Result<std::uint32_t> LuksStorage::state(sdk::Op op, const sdk::Record& record) {
    HEARTH_SDK_TRY(place, op.place(record));
    HEARTH_SDK_TRY(settings, settings_of(record));
    if (!settings.on_device) {
        HEARTH_SDK_TRY(missing, state_of_missing(place));
        if (missing) return *missing;
    }
    HEARTH_SDK_TRY(mapped, state_of_mapping(settings));
    if (mapped) return *mapped;
    if (settings.on_device) return device_state(place, settings);
    HEARTH_SDK_TRY(image, open_image(place, place.name));
    return is_dirty(image.get()) ? HEARTH_STATE_DIRTY : HEARTH_STATE_INACTIVE;
}

sdk::Result<void> LuksStorage::usage(sdk::Op op, const sdk::Record& record, int root_fd,
                                     hearth_usage& out) {
    HEARTH_SDK_TRY(place, op.place(record));
    HEARTH_SDK_TRY(settings, settings_of(record));
    HEARTH_SDK_TRY(image, open_home(place, settings));
    return measure_home(place, settings, image.get(), root_fd, out);
}

sdk::Result<void> LuksStorage::deactivate(sdk::Op op, const sdk::Record& record, int root_fd,
                                          hearth_flags flags) {
    HEARTH_SDK_TRY(place, op.place(record));
    HEARTH_SDK_TRY(settings, settings_of(record));
    drop_key(settings.mapping);
    if (root_fd >= 0) {
        if ((flags & HEARTH_DEACTIVATE_NO_RESIZE) == 0 && !settings.on_device)
            shrink_at_logout(op, place, settings, root_fd);
        if (auto settled = settle(op, settings, root_fd); !settled)
            op.log(kWarning, settled.error().text());
        // The host has the home open itself: it asks again without.
        return lingers(settings);
    }
    HEARTH_SDK_TRY(mapping, mapping_of(settings));
    if (mapping) {
        HEARTH_SDK_TRY(gone, wait_until_gone(settings.mapping, kPatience));
        // Somebody has files open that are lost: it goes when they are closed.
        if (!gone && (flags & HEARTH_DEACTIVATE_FORCED) != 0) return sdk::ok();
        if (!gone) return lingers(settings);
    }
    const bool is_sparse = settings.offline_discard || settings.discard;
    if (settings.on_device || is_sparse || !exists(place)) return sdk::ok();
    HEARTH_SDK_TRY(image, open_image(place, place.name));
    if (auto filled = fill_holes(image.get()); !filled) op.log(kWarning, filled.error().text());
    return sdk::ok();
}

sdk::Result<void> LuksStorage::lock(sdk::Op op, const sdk::Record& record) {
    HEARTH_SDK_TRY(settings, settings_of(record));
    return lock_home(op, settings);
}

sdk::Result<void> LuksStorage::unlock(sdk::Op op, const sdk::Record& record) {
    HEARTH_SDK_TRY(place, op.place(record));
    HEARTH_SDK_TRY(settings, settings_of(record));
    return unlock_home(op, place, settings);
}

sdk::Result<void> LuksStorage::remove(sdk::Op op, const sdk::Record& record) {
    HEARTH_SDK_TRY(place, op.place(record));
    HEARTH_SDK_TRY(settings, settings_of(record));
    if (op.cancelled())
        return sdk::Error(HEARTH_E_CANCELLED, "the removal was cancelled before it began");
    HEARTH_SDK_TRY(mapping, mapping_of(settings));
    if (mapping && mapping->opened > 0) return lingers(settings);
    if (settings.on_device) return remove_device_home(op, place, settings);
    HEARTH_SDK_CHECK(move_to_trash(place));
    return remove_file(place, place.trash_name);
}

sdk::Result<void> LuksStorage::recover(sdk::Op op, const sdk::Record& record,
                                       const hearth_intent& intent, sdk::Session* session_or_null) {
    return recover_home(op, record, intent, static_cast<LuksSession*>(session_or_null));
}

sdk::Result<std::unique_ptr<sdk::Session>> LuksStorage::create(sdk::Op op,
                                                               sdk::WritableRecord record,
                                                               sdk::Credentials credentials) {
    HEARTH_SDK_TRY(place, op.place(record));
    return LuksSession::create(op, place, record, credentials);
}

sdk::Result<std::unique_ptr<sdk::Session>> LuksStorage::unlock_medium(sdk::Op op,
                                                                      sdk::WritableRecord record,
                                                                      hearth_flags flags) {
    HEARTH_SDK_TRY(place, op.place(record));
    HEARTH_SDK_TRY(settings, settings_of(record));
    if ((flags & HEARTH_UNLOCK_ACTIVE) != 0) return LuksSession::join(op, place, settings);
    return LuksSession::open(op, place, settings, (flags & HEARTH_UNLOCK_REPAIR) != 0);
}

}  // namespace hearth::luks

HEARTH_PLUGIN(hearth::luks::LuksStorage);
