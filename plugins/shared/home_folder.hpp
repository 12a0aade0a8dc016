// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <cstdint>
#include <string>

// Homes that are folders called USER.homedir, or USER@REALM.homedir.

namespace hearth::shared {

/// Opens the folder `name`, for reading. Errors: HOME_ABSENT, CORRUPT (no folder), PERMISSION (a
/// symbolic link).
sdk::Result<sdk::UniqueFd> open_home(const sdk::Place& place, const char* name);

/// Is anything there under the home's final name?
[[nodiscard]] bool exists(const sdk::Place& place);
/// The error for it when something new was to get this name.
[[nodiscard]] sdk::Error exists_already(const sdk::Place& place);

/// Makes what happened in a folder durable, by an fd that may be O_PATH.
sdk::Result<void> sync_folder(int fd, const char* what);

/// Makes an empty folder under the operation's temporary name.
sdk::Result<sdk::UniqueFd> make_folder(const sdk::Place& place);

/// Who owns the files of an open home, as hearth_root has it. One that came from another machine
/// keeps its owner: mapping it costs nothing, a chown of everything would. One of root's was never
/// given to anybody.
sdk::Result<std::uint32_t> owner_of(int folder);
void fill_root(hearth_root& root, int folder, std::uint32_t owner);

/// Gives a new home its final name, on disk when this returns. Failing, it leaves the home under
/// its temporary name, which recover() takes as the sign that another one under the final name is
/// somebody else's. Errors: HOME_EXISTS.
sdk::Result<void> publish(sdk::Op op, const sdk::Place& place);

/// Takes a home out of its place in one step, so that no half-deleted one is ever found under its
/// name by anybody who does not know of the removal. Not synced: Hearth asks again for the removal
/// of what a power cut brings back. Errors: HOME_ABSENT.
sdk::Result<void> move_to_trash(const sdk::Place& place);

/// Deletes a folder with all that is in it; it may be gone already. Nobody is asked whether to
/// stop: there is no way back from here.
sdk::Result<void> remove_folder(sdk::Op op, int dir, const char* name);

/// ABSENT, INACTIVE, or UNKNOWN for anything but a folder.
sdk::Result<std::uint32_t> state_of(const sdk::Place& place);

/// What an open folder looks like: does its name end as those of homes do, is there a record in it?
/// Fills in whose home its name says it is.
struct Looks {
    bool named = false;
    bool has_identity = false;
};
Looks look_at(int fd, hearth_probe& out);

}  // namespace hearth::shared
