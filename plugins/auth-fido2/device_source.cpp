// SPDX-License-Identifier: LGPL-2.1-or-later
#include "device_source.hpp"

namespace hearth::fido2 {

int find_devices(fido_dev_info_t* list, std::size_t most, std::size_t* found) {
    return fido_dev_info_manifest(list, most, found);
}

}  // namespace hearth::fido2
