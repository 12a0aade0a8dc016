// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"

namespace hearth::plugin {

/// Opens a folder for reading after checking the whole way to it: every folder from / on belongs to
/// root and cannot be written by group or others. Symbolic links in it are followed by the same
/// rules. There is no way to switch this off. Errors: plugin-untrusted-folder;
/// plugin-folder-missing (Code::home_absent is never used here: not_supported).
Result<UniqueFd> open_trusted_folder(const std::string& absolute_path);

/// Opens a file in an open trusted folder: a regular file of root's that group and others cannot
/// write. `shown` is its path in messages. Errors: plugin-untrusted-file.
Result<UniqueFd> open_trusted_at(int folder, const std::string& name, const std::string& shown);

/// Both at once. Errors: those of both.
Result<UniqueFd> open_trusted(const std::string& absolute_path);

}  // namespace hearth::plugin
