// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <string>

#include "gpt.hpp"

namespace hearth::luks {

/// Nothing that anybody could miss may be on a device that a home is made on: no file system,
/// table, volume, member of an array, nor swap space. `path` is for the message. Errors:
/// HOME_EXISTS (with what is there), IO.
sdk::Result<void> require_blank(int device, const std::string& path);

/// Writes zeros over a stretch, on the disk when this returns. Its beginning, which says what it
/// is, goes last: interrupted, it is found again.
sdk::Result<void> wipe(sdk::Op op, int device, const Extent& extent);

/// Wipes both copies of a partition table.
sdk::Result<void> wipe_table(sdk::Op op, int device, const Table& table);

}  // namespace hearth::luks
