// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/availability.hpp"

#include <fcntl.h>

#include <algorithm>

#include "core/base/unique_fd.hpp"

namespace hearth::plugin {

bool has_devices(const Needs& needs) {
    return std::all_of(needs.devices.begin(), needs.devices.end(), [](const std::string& path) {
        if (path.find('*') != std::string::npos) return true;
        return static_cast<bool>(
            UniqueFd(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)));
    });
}

}  // namespace hearth::plugin
