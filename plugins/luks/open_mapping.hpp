// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <string>

#include "luks_volume.hpp"
#include "mapping.hpp"

namespace hearth::luks {

/// A mapping that lives as long as somebody has it open: this object, or a mount. Killed at any
/// time, the process leaves nothing behind.
struct OpenMapping {
    std::string name;
    std::string node;  ///< a path of it
    sdk::UniqueFd fd;
};

/// Maps the volume. Errors: HOME_IN_USE (there is one of this name).
sdk::Result<OpenMapping> open_mapping(LuksVolume& volume, const std::string& name, sdk::Secret& key,
                                      bool discard);
/// Lets go of it, and waits until the kernel has. One that somebody else looks into goes a moment
/// later: that is only logged.
void close_mapping(sdk::Op op, OpenMapping mapping);

/// The name under which a medium is mapped before it has its place.
std::string temporary_mapping(std::uint64_t op_id);

}  // namespace hearth::luks
