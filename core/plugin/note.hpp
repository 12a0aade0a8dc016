// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "core/base/result.hpp"

namespace hearth::plugin {

/// Reads the manifest out of a plugin's ELF note, as text that is not checked any further. `fd` is
/// borrowed; nothing of the file is executed. Errors: plugin-file-type (not a regular file),
/// plugin-not-elf, plugin-note-missing, plugin-note-duplicate, plugin-note-too-large,
/// plugin-unreadable.
Result<std::string> read_note(int fd);

/// The same for bytes in memory: a whole 64-bit ELF file of this machine's byte order. Every offset
/// in it is checked, so that any bytes may be given.
Result<std::string> find_note(std::span<const std::byte> elf);

}  // namespace hearth::plugin
