// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <optional>

#include "image.hpp"
#include "loop_device.hpp"
#include "luks_volume.hpp"
#include "mapping.hpp"
#include "new_header.hpp"

namespace hearth::luks {

/// An image with its header open; its members end in the right order.
struct Medium {
    sdk::UniqueFd image;
    Extent extent;
    LoopDevice loop;
    std::optional<NewHeader> header;  ///< of a new image, whose volume has none yet
    std::optional<LuksVolume> volume;
    bool active = false;  ///< the home is mapped by somebody else, at present
    bool dirty = false;   ///< it was not closed cleanly
    bool repair = false;  ///< somebody asked for it to be mended
};

/// Opens the file or the device that the home is in. Errors: those of open_image() and
/// open_home_device().
sdk::Result<sdk::UniqueFd> open_home(const sdk::Place& place, const Settings& settings);

/// Opens the image at its final place so far that its header can be read, and checks that it is
/// the one of the record. Errors: those of open_image(), find_volume() and LuksVolume;
/// HOME_IN_USE.
sdk::Result<Medium> open_medium(sdk::Op op, const sdk::Place& place, const Settings& settings,
                                bool repair = false);

/// The mapping that the home has while it is active. Nothing: it has none. Errors: HOME_IN_USE (one
/// of this name is no encrypted volume).
sdk::Result<std::optional<Mapping>> mapping_of(const Settings& settings);

}  // namespace hearth::luks
