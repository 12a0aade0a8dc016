// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <cstdint>

namespace hearth::luks {

/// Copies an image that nobody writes to, with its holes and what the file system knows of it, to
/// the operation's temporary name: without taking any room where the file system can share blocks.
/// `later`: bytes that the copy is going to take in the end, for which there has to be room, too.
/// Failing, nothing is left. Errors: NO_SPACE, CANCELLED, HOME_IN_USE (locking it), IO.
sdk::Result<sdk::UniqueFd> copy_image(sdk::Op op, const sdk::Place& place, int image,
                                      std::uint64_t later);

/// Puts the copy into the image's place, in one step that is on the disk when this returns.
sdk::Result<void> replace_image(const sdk::Place& place, int copy);

}  // namespace hearth::luks
