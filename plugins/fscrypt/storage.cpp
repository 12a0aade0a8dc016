// SPDX-License-Identifier: LGPL-2.1-or-later
#include "storage.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <string>
#include <string_view>

#include "plugins/shared/home_folder.hpp"
#include "plugins/shared/home_limit.hpp"
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
    HEARTH_SDK_CHECK(check_place(place));
    HEARTH_SDK_TRY(limit, shared::limit_for(place, record));
    static_cast<void>(limit);
    return sdk::ok();
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
    HEARTH_SDK_TRY(there, FolderStorage::state(op, record));
    if (there != HEARTH_STATE_INACTIVE) return there;
    HEARTH_SDK_TRY(place, op.place(record));
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
    return shared::usage_of(place, folder.get(), shared::uid_of(record), out);
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

sdk::Result<void> FscryptStorage::erase(sdk::Op op, const sdk::Place& place, const char* name,
                                        const sdk::Record& record) {
    lock_if_there(op, place, name);
    shared::drop_home_limit(op, place, name, record);
    return shared::remove_folder(op, place.dir, name);
}

sdk::Result<void> FscryptStorage::recover(sdk::Op op, const sdk::Record& record,
                                          const hearth_intent& intent,
                                          sdk::Session* session_or_null) {
    HEARTH_SDK_TRY(place, op.place(record));
    // Somebody else's home, if it is there while this one is being made.
    const bool is_own = intent.verb != HEARTH_VERB_CREATE || intent.phase != HEARTH_PHASE_BEGUN;
    if (is_own && !shared::is_open(intent, session_or_null)) lock_if_there(op, place, place.name);
    return FolderStorage::recover(op, record, intent, session_or_null);
}

sdk::Result<void> FscryptStorage::recover_change(sdk::Op op, const sdk::Place& place,
                                                 const sdk::Record& record,
                                                 const hearth_intent& intent, bool is_open) {
    if (intent.verb == HEARTH_VERB_RESIZE) return shared::restore_limit(op, place, record);
    return recover_slots(place, intent, is_open);
}

sdk::Result<std::unique_ptr<sdk::Session>> FscryptStorage::create(sdk::Op op,
                                                                  sdk::WritableRecord record,
                                                                  sdk::Credentials credentials) {
    HEARTH_SDK_TRY(place, op.place(record));
    HEARTH_SDK_TRY(wanted, wanted_format(record));
    HEARTH_SDK_TRY(limit, shared::limit_for(place, record));
    return FscryptSession::create(
        op, place, {wanted.value_or(SlotFormat::v2), shared::uid_of(record), limit}, credentials);
}

sdk::Result<std::unique_ptr<sdk::Session>> FscryptStorage::unlock_medium(sdk::Op op,
                                                                         sdk::WritableRecord record,
                                                                         hearth_flags) {
    HEARTH_SDK_TRY(place, op.place(record));
    HEARTH_SDK_TRY(wanted, wanted_format(record));
    return FscryptSession::open(op, place, shared::uid_of(record), wanted);
}

}  // namespace hearth::fscrypt

HEARTH_PLUGIN(hearth::fscrypt::FscryptStorage);
