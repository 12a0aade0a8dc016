// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/shared/folder_storage.hpp"

#include "plugins/shared/home_folder.hpp"

namespace hearth::shared {

sdk::Result<std::uint32_t> FolderStorage::state(sdk::Op op, const sdk::Record& record) {
    HEARTH_SDK_TRY(place, op.place(record));
    return state_of(place);
}

sdk::Result<void> FolderStorage::deactivate(sdk::Op, const sdk::Record&, int, hearth_flags) {
    return sdk::ok();
}

sdk::Result<void> FolderStorage::remove(sdk::Op op, const sdk::Record& record) {
    HEARTH_SDK_TRY(place, op.place(record));
    if (op.cancelled())
        return sdk::Error(HEARTH_E_CANCELLED, "the removal was cancelled before it began");
    HEARTH_SDK_CHECK(move_to_trash(place));
    return erase(op, place, place.trash_name, record);
}

sdk::Result<void> FolderStorage::recover(sdk::Op op, const sdk::Record& record,
                                         const hearth_intent& intent,
                                         sdk::Session* session_or_null) {
    HEARTH_SDK_TRY(place, op.place(record));
    switch (intent.verb) {
        case HEARTH_VERB_CREATE:
            return erase(op, place, place.temp_name, record);
        case HEARTH_VERB_REMOVE:
            // Interrupted before it was gone, the home stays, and this finds nothing.
            return erase(op, place, place.trash_name, record);
        default:
            return recover_change(op, place, record, intent, is_open(intent, session_or_null));
    }
}

std::uint32_t uid_of(const sdk::Record& record) {
    return static_cast<std::uint32_t>(record.number("/uid").value_or(0));
}

}  // namespace hearth::shared
