// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>
#include <hearth/sdk/result.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

// Mappings, asked of device-mapper itself: nodes in /dev may be late, stale or missing, as they are
// where no udevd runs.

namespace hearth::luks {

struct Mapping {
    std::string name;
    std::string uuid;  ///< device-mapper's: CRYPT-LUKS2-<the header's>-<name>
    dev_t device = 0;
    std::uint32_t opened = 0;  ///< how many have it open
    bool suspended = false;
};

/// Can this kernel map devices? Errors: BACKEND_UNAVAILABLE.
sdk::Result<void> require_device_mapper();

/// Nothing: there is none of this name.
sdk::Result<std::optional<Mapping>> find_mapping(const std::string& name);

/// The one device that a mapping lies on.
sdk::Result<dev_t> device_below(const std::string& name);

/// Takes the key of a suspended mapping out of the kernel, if it is there.
sdk::Result<void> forget_key(const std::string& name);

/// Asks the kernel to remove the mapping as soon as nobody has it open, at the latest when the
/// process that does is killed. A missing one is no error.
sdk::Result<void> remove_when_closed(const std::string& name);

/// Removes it if nobody has it open, and waits for as long for those who are about to close it.
/// True: it is gone. Its stale node goes, too.
sdk::Result<bool> wait_until_gone(const std::string& name, std::chrono::milliseconds limit);

/// A path of the mapping's node, for programs and mounts: one that really is its node. Errors: IO.
sdk::Result<std::string> node_of(const Mapping& mapping);

}  // namespace hearth::luks
