// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/base/result.hpp"

namespace hearth::system {

/// Drops every clean page, name and inode that the kernel has cached: what an encrypted home showed
/// would otherwise stay readable in memory. The whole machine is slower for a moment.
/// Errors: caches-drop.
Result<void> drop_caches();

}  // namespace hearth::system
