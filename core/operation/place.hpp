// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "core/base/result.hpp"
#include "core/plugin/services.hpp"
#include "core/system/safe_path.hpp"

namespace hearth::operation {

class Operation;

/// Where the record's image lives, as plugins get it: a checked folder, and names that belong to
/// this operation alone. Errors: image-path-*, record-without-image.
Result<plugin::Place> place_of(Operation& op, const record::UserRecord& record);

/// What is expected at the image's place.
enum class Image { absent, present, either };

/// Is the image's place safe, and is there what is expected? A device has to be there for a new
/// home; whether it is one is the storage's to say, by what is on it. For storages that keep one;
/// asked before a plugin sees the place, so that people get the reason in core's words. Errors:
/// image-path-*, image-exists, image-absent (a disk that is not plugged in, perhaps).
Result<void> check_image(Operation& op, const record::UserRecord& record, Image expected);

/// The folder that the home directory is in, checked the same way, and its name.
Result<system::SafePlace> home_directory_of(Operation& op, const record::UserRecord& record);

/// Could the home be mounted there? It may be missing, or an empty folder; nothing is made.
/// Errors: home-directory-in-use.
Result<void> check_target(const system::SafePlace& target, bool is_image_itself);

/// Makes the (empty) folder that the home will be mounted at. Says whether it was there before.
/// Errors: home-directory-in-use.
Result<bool> prepare_target(const system::SafePlace& target, bool is_image_itself);

/// Removes that folder again if it is empty; one with something in it stays.
void remove_target(const system::SafePlace& target);

}  // namespace hearth::operation
