// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/home/root.hpp"
#include "core/system/safe_path.hpp"

namespace hearth::operation {

/// Homes on block devices: their image is a path below /dev.
[[nodiscard]] bool is_device_path(std::string_view image);

/// The device's node by its own name, found through the links that lead to it: those below /dev
/// belong to the system, unlike others. One that is not there has the folder /dev and a name that
/// is not in it: the storage may know the device by what is on it. Errors: image-not-device,
/// image-path-*.
Result<system::SafePlace> device_place(const home::Root& root, const std::string& image);

/// Is there a device, at this path? Errors: image-absent, image-not-device, image-path-*.
Result<void> require_device(const home::Root& root, const std::string& image);

}  // namespace hearth::operation
