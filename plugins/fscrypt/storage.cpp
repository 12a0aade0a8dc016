// SPDX-License-Identifier: LGPL-2.1-or-later
#include "storage.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <hearth/sdk/tree.hpp>

#include <cerrno>
#include <string>
#include <string_view>

#include "plugins/shared/home_folder.hpp"
#include "plugins/shared/limit.hpp"
#include "rekey.hpp"

namespace hearth::fscrypt {

namespace {

std::uint32_t to_state(KeyState key) {
    switch (key) {
        case KeyState::present:
            return HEARTH_STATE_ACTIVE;
        case KeyState::busy:
            return HEARTH_STATE_LINGERING;
        default:
            return HEARTH_STATE_INACTIVE;
    }
}

sdk::Result<void> empty_trash(sdk::Op op, const sdk::Place& place) {
    lock_if_there(op, place, place.trash_name);
    sdk::TreeWatch watch;
    // No way back from here, so nobody is asked whether to stop.
    watch.progress = [op](std::uint64_t removed) { op.progress(removed, 0, "removing files"); };
    return sdk::remove_tree(place.dir, place.trash_name, watch);
}

/// The old slots may go only when the record inside the home is the new one, which takes either a
/// secret or a home that is open.
sdk::Result<void> finish_plan(int folder, const Plan& plan, bool is_open) {
    HEARTH_SDK_TRY(pending, has_old(folder, plan));
    if (!pending) return sdk::ok();
    if (is_open) return drop_old(folder, plan);
    return sdk::Error(HEARTH_E_RECOVER_AT_OPEN,
                      "the slots of the old passwords stay until the home is opened");
}

sdk::Result<void> recover_slots(const sdk::Place& place, const hearth_intent& intent,
                                bool is_open) {
    const std::string_view note(static_cast<const char*>(intent.note.ptr), intent.note.len);
    if (note.empty()) return sdk::ok();
    HEARTH_SDK_TRY(plan, parse_plan(note));
    if (!shared::exists(place))
        return sdk::Error(HEARTH_E_RECOVER_AT_OPEN, "the home is not there; its slots wait for it");
    HEARTH_SDK_TRY(folder, shared::open_home(place, place.name));
    if (intent.phase == HEARTH_PHASE_RECORDED) return finish_plan(folder.get(), plan, is_open);
    return drop_new(folder.get(), plan);
}

}  // namespace

sdk::Result<void> FscryptStorage::validate(sdk::Op op, const sdk::Record& record) {
    HEARTH_SDK_TRY(place, op.place(record));
    HEARTH_SDK_TRY(format, wanted_format(record));
    static_cast<void>(format);
    return check_place(place);
}

sdk::Result<void> FscryptStorage::probe(sdk::Op, int fd, hearth_probe& out) {
    struct statx info {};
    if (statx(fd, "", AT_EMPTY_PATH, STATX_TYPE, &info) != 0)
        return sdk::sys_error(errno, "the folder cannot be looked at");
    if (!S_ISDIR(info.stx_mode) || (info.stx_attributes & STATX_ATTR_ENCRYPTED) == 0)
        return sdk::ok();
    // What comes may be an O_PATH descriptor, which has no attributes.
    const sdk::UniqueFd folder(openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const auto slots = read_slots(folder.get());
    const shared::Looks looks = shared::look_at(fd, out);
    const bool has_slots = slots && !slots->empty();
    if (has_slots) out.certainty = looks.named ? HEARTH_PROBE_CERTAIN : HEARTH_PROBE_MAYBE;
    return sdk::ok();
}

sdk::Result<std::uint32_t> FscryptStorage::state(sdk::Op op, const sdk::Record& record) {
    HEARTH_SDK_TRY(place, op.place(record));
    HEARTH_SDK_TRY(there, shared::state_of(place));
    if (there != HEARTH_STATE_INACTIVE) return there;
    HEARTH_SDK_TRY(folder, shared::open_home(place, place.name));
    const auto policy = read_policy(folder.get());
    if (!policy || !*policy) return HEARTH_STATE_UNKNOWN;
    HEARTH_SDK_TRY(key, key_state(folder.get(), **policy));
    return to_state(key);
}

sdk::Result<void> FscryptStorage::usage(sdk::Op op, const sdk::Record& record, int,
                                        hearth_usage& out) {
    HEARTH_SDK_TRY(place, op.place(record));
    HEARTH_SDK_TRY(folder, shared::open_home(place, place.name));
    HEARTH_SDK_TRY(around, shared::capacity_of(folder.get()));
    shared::put_usage(around, out);
    return sdk::ok();
}

sdk::Result<void> FscryptStorage::deactivate(sdk::Op op, const sdk::Record& record, int root_fd,
                                             hearth_flags) {
    // While the host has it open the key cannot go whole: it asks again without.
    if (root_fd >= 0) return sdk::Error(HEARTH_E_LINGERING, "the host has the home open itself");
    HEARTH_SDK_TRY(place, op.place(record));
    if (!shared::exists(place)) return sdk::ok();
    HEARTH_SDK_TRY(medium, open_medium(place, place.name));
    HEARTH_SDK_TRY(before, key_state(medium.folder.get(), medium.policy));
    medium.folder.reset();
    HEARTH_SDK_CHECK(lock_medium(op, place, medium.policy));
    const bool not_ours = before == KeyState::absent && medium.policy.version == 1;
    return not_ours ? evict_everything() : sdk::ok();
}

sdk::Result<void> FscryptStorage::remove(sdk::Op op, const sdk::Record& record) {
    HEARTH_SDK_TRY(place, op.place(record));
    if (op.cancelled())
        return sdk::Error(HEARTH_E_CANCELLED, "the removal was cancelled before it began");
    HEARTH_SDK_CHECK(shared::move_to_trash(place));
    return empty_trash(op, place);
}

sdk::Result<void> FscryptStorage::recover(sdk::Op op, const sdk::Record& record,
                                          const hearth_intent& intent,
                                          sdk::Session* session_or_null) {
    HEARTH_SDK_TRY(place, op.place(record));
    const bool is_open = session_or_null != nullptr || intent.mounted != 0;
    if (!is_open) lock_if_there(op, place, place.name);
    switch (intent.verb) {
        case HEARTH_VERB_CREATE:
            lock_if_there(op, place, place.temp_name);
            return sdk::remove_tree(place.dir, place.temp_name);
        case HEARTH_VERB_REMOVE:
            // Interrupted before it was gone, the home stays.
            return shared::exists(place) ? sdk::ok() : empty_trash(op, place);
        default:
            return recover_slots(place, intent, is_open);
    }
}

sdk::Result<std::unique_ptr<sdk::Session>> FscryptStorage::create(sdk::Op op,
                                                                  sdk::WritableRecord record,
                                                                  sdk::Credentials credentials) {
    HEARTH_SDK_TRY(place, op.place(record));
    HEARTH_SDK_TRY(wanted, wanted_format(record));
    return FscryptSession::create(op, place, wanted.value_or(SlotFormat::v2), credentials);
}

sdk::Result<std::unique_ptr<sdk::Session>> FscryptStorage::unlock_medium(sdk::Op op,
                                                                         sdk::WritableRecord record,
                                                                         hearth_flags) {
    HEARTH_SDK_TRY(place, op.place(record));
    HEARTH_SDK_TRY(wanted, wanted_format(record));
    return FscryptSession::open(op, place, wanted);
}

}  // namespace hearth::fscrypt

HEARTH_PLUGIN(hearth::fscrypt::FscryptStorage);
