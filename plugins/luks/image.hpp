// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <cstdint>

#include "gpt.hpp"
#include "settings.hpp"

// The file that a home is kept in, without what is in it.

namespace hearth::luks {

[[nodiscard]] bool exists(const sdk::Place& place);
[[nodiscard]] sdk::Error exists_already(const sdk::Place& place);

/// Opens the image `name` for writing. Errors: HOME_ABSENT, CORRUPT (no file), PERMISSION (a
/// symbolic link).
sdk::Result<sdk::UniqueFd> open_image(const sdk::Place& place, const char* name);
/// Of a file or a device.
sdk::Result<std::uint64_t> size_of(int image);
/// Marks it as in use until the last descriptor of this opening is closed, of which a loop device
/// has one. Errors: HOME_IN_USE.
sdk::Result<void> lock_image(int image);
/// Was it not closed cleanly, the last time it was used?
[[nodiscard]] bool is_dirty(int image);

/// Makes one under the temporary name, with room on the disk for all of it unless `sparse`. Errors:
/// NO_SPACE.
sdk::Result<sdk::UniqueFd> make_image(const sdk::Place& place, std::uint64_t size, bool sparse);
/// Gives the holes of an image room on the disk. Errors: NO_SPACE.
sdk::Result<void> fill_holes(int image);
/// Takes the room that a part of it needs: keys can be changed there on a disk that is full.
/// Errors: NO_SPACE.
sdk::Result<void> fill_holes_in(int image, const Extent& part);
/// Bytes that are free around the image.
sdk::Result<std::uint64_t> space_around(int dir);

/// Writes a table with one partition for the home over an empty image.
sdk::Result<Extent> write_table(int image, const Settings& settings, const Uuid& id);
/// Where in the image the encrypted volume is: in its partition, or all of it. Nothing is written.
/// Errors: CORRUPT.
sdk::Result<Extent> find_volume(int image, const Settings& settings);

/// Writes the first copy of a table anew from the second if that alone is whole.
sdk::Result<void> mend_table(int image);

/// The names in the image's folder are on the disk.
sdk::Result<void> sync_folder(int dir);

/// Gives a new image its final name, on disk when this returns. Errors: HOME_EXISTS.
sdk::Result<void> publish(const sdk::Place& place, int image);
/// Takes an image out of its place in one step. Errors: HOME_ABSENT.
sdk::Result<void> move_to_trash(const sdk::Place& place);
/// A missing file is no error.
sdk::Result<void> remove_file(const sdk::Place& place, const char* name);

}  // namespace hearth::luks
