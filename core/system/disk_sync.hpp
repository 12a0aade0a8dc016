// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace hearth::system {

/// Writes what is cached of each file system that is on a device, as far as that works: not of
/// those in the network, nor of one that is suspended, which would wait without end.
void sync_disks();

}  // namespace hearth::system
