// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include "medium.hpp"
#include "resize_plan.hpp"

namespace hearth::luks {

/// Shrinks an ext4 that is not mounted, on a copy of its image which then takes its place: killed
/// while it moves inodes, resize2fs leaves a file system that nothing can repair. Returns the
/// opened copy. Failing, the image is as it was, and no copy is left. Errors: those of
/// copy_image(); BAD_SIZE (more is in it than fits), CORRUPT (it needs a repair), IO.
sdk::Result<Medium> shrink_on_copy(sdk::Op op, const sdk::Place& place, const Settings& settings,
                                   Medium& medium, sdk::Secret& key, const Shape& to);

}  // namespace hearth::luks
