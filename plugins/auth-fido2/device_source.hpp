// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <fido.h>

namespace hearth::fido2 {

/// Fills in up to `most` security keys that are plugged in, and says how many. Answers FIDO_OK or
/// FIDO_ERR_*.
int find_devices(fido_dev_info_t* list, std::size_t most, std::size_t* found);

}  // namespace hearth::fido2
