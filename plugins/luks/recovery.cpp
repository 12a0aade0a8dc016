// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recovery.hpp"

#include "device_home.hpp"
#include "kept_key.hpp"
#include "rekey.hpp"
#include "suspension.hpp"

namespace hearth::luks {

namespace {

constexpr std::chrono::seconds kPatience{2};
constexpr std::uint32_t kWarning = 4;

std::string_view note_of(const hearth_intent& intent) {
    return {static_cast<const char*>(intent.note.ptr), intent.note.len};
}

/// A process that was killed between mapping and marking leaves one that nobody has open.
sdk::Result<void> drop_unused(const std::string& name) {
    HEARTH_SDK_TRY(found, find_mapping(name));
    if (found && found->opened != 0) return sdk::ok();
    drop_key(name);
    if (!found) return sdk::ok();
    HEARTH_SDK_TRY(gone, wait_until_gone(name, kPatience));
    static_cast<void>(gone);
    return sdk::ok();
}

/// The old slots may go only when the record inside the home is the new one, which takes either a
/// secret or a home that is open.
sdk::Result<void> finish_plan(LuksVolume& volume, const Plan& plan, bool recorded, bool is_open) {
    HEARTH_SDK_TRY(there, volume.slots());
    if (!recorded) return drop_slots(volume, to_drop_undoing(plan, there));
    const auto going = to_drop_after(plan, there);
    if (going.empty()) return sdk::ok();
    if (is_open) return drop_slots(volume, going);
    return sdk::Error(HEARTH_E_RECOVER_AT_OPEN,
                      "the key slots of the old passwords stay until the home is opened");
}

sdk::Result<void> recover_size(sdk::Op op, const sdk::Record& record, const SizeChange& change) {
    HEARTH_SDK_TRY(place, op.place(record));
    HEARTH_SDK_TRY(settings, settings_of(record));
    if (exists(place)) return mend_image(place, settings, change);
    return sdk::Error(HEARTH_E_RECOVER_AT_OPEN, "the home is not there; its size waits for it");
}

sdk::Result<void> recover_noted(sdk::Op op, const sdk::Record& record, const hearth_intent& intent,
                                LuksSession* session) {
    const std::string_view note = note_of(intent);
    if (note.empty()) return sdk::ok();
    if (const auto change = parse_size_change(note)) return recover_size(op, record, *change);
    HEARTH_SDK_TRY(plan, parse_plan(note));
    const bool recorded = intent.phase == HEARTH_PHASE_RECORDED;
    if (session != nullptr) return finish_plan(session->volume(), plan, recorded, true);
    HEARTH_SDK_TRY(place, op.place(record));
    HEARTH_SDK_TRY(settings, settings_of(record));
    if (!settings.on_device && !exists(place))
        return sdk::Error(HEARTH_E_RECOVER_AT_OPEN, "the home is not there; its slots wait for it");
    HEARTH_SDK_TRY(medium, open_medium(op, place, settings));
    return finish_plan(*medium.volume, plan, recorded, intent.mounted != 0);
}

/// Killed while it wrote a header, a process leaves one of the copies torn. Opening the volume sets
/// that right; later, when the home was closed cleanly, it would look like damage.
void mend_header(sdk::Op op, const sdk::Place& place, const Settings& settings) {
    if (!settings.on_device && !exists(place)) return;
    if (const auto opened = open_medium(op, place, settings, true); !opened)
        op.log(kWarning, opened.error().text());
}

/// From the moment at which only its record is missing, it stays.
sdk::Result<void> recover_new_device(sdk::Op op, const Settings& settings,
                                     const hearth_intent& intent) {
    if (intent.phase != HEARTH_PHASE_BEGUN) return sdk::ok();
    return recover_device(op, settings, note_of(intent));
}

}  // namespace

sdk::Result<void> recover_home(sdk::Op op, const sdk::Record& record, const hearth_intent& intent,
                               LuksSession* session_or_null) {
    HEARTH_SDK_TRY(place, op.place(record));
    HEARTH_SDK_TRY(settings, settings_of(record));
    HEARTH_SDK_CHECK(drop_unused(temporary_mapping(intent.op_id)));
    if (intent.mounted == 0 && session_or_null == nullptr)
        HEARTH_SDK_CHECK(drop_unused(settings.mapping));
    switch (intent.verb) {
        case HEARTH_VERB_CREATE:
            if (settings.on_device) return recover_new_device(op, settings, intent);
            return remove_file(place, place.temp_name);
        case HEARTH_VERB_LOCK:
        case HEARTH_VERB_UNLOCK:
            return finish_locking(settings);
        case HEARTH_VERB_REMOVE:
            if (settings.on_device) return sdk::ok();  // what is left of it is removed again
            // Interrupted before it was gone, the home stays.
            return exists(place) ? sdk::ok() : remove_file(place, place.trash_name);
        case HEARTH_VERB_RESIZE:
            // A copy that did not come to take the image's place.
            HEARTH_SDK_CHECK(remove_file(place, place.temp_name));
            [[fallthrough]];
        default:
            if (session_or_null == nullptr) mend_header(op, place, settings);
            return recover_noted(op, record, intent, session_or_null);
    }
}

}  // namespace hearth::luks
