// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include "image.hpp"
#include "resize_ground.hpp"

namespace hearth::luks {

struct SizeRequest {
    std::uint64_t bytes = 0;
    hearth_flags flags = 0;  ///< HEARTH_RESIZE_*
};

struct ResizePlan {
    FileSystemKind kind = FileSystemKind::ext4;
    Shape from;
    Shape to;
    bool may_be_larger = false;  ///< as small as possible was asked for, whatever that is
};

/// What a request means for a home whose file system is mounted. Errors: those of choose_goal(),
/// shape_of() and with_size().
sdk::Result<ResizePlan> plan_resize(const sdk::Place& place, const Settings& settings,
                                    const Stack& stack, const SizeRequest& request);

/// Half-way between the size that was tried and the present one. False: that is no other size.
bool take_middle(ResizePlan& plan);

/// Grows or shrinks it while it is mounted; `plan.to` is what it has become. A failure leaves the
/// image whole, with one of the two sizes. Errors: NO_SPACE, BAD_SIZE, CANNOT_SHRINK,
/// SHRINK_OFFLINE_ONLY, IO.
sdk::Result<void> resize_live(sdk::Op op, const Settings& settings, const Stack& stack,
                              ResizePlan& plan);

/// Sizes of a home, `root` -1: of one whose file system is not mounted.
sdk::Result<void> measure_home(const sdk::Place& place, const Settings& settings, int image,
                               int root, hearth_usage& out);

/// At the end of a session, without a key: as small as it can be, where the file system shrinks
/// while it is mounted. `root`: the last way into the home. A failure is only logged.
void shrink_at_logout(sdk::Op op, const sdk::Place& place, const Settings& settings, int root);

/// Finishes or undoes what an interrupted resize() left of the image's tables. Errors: CORRUPT,
/// HOME_IN_USE.
sdk::Result<void> mend_image(const sdk::Place& place, const Settings& settings,
                             const SizeChange& change);

}  // namespace hearth::luks
