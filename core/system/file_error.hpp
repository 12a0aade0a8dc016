// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>

#include "core/base/result.hpp"

namespace hearth::system {

/// What the functions of files.hpp say when they fail; `sys_errno` is the reason. For core/system
/// only.
Error open_error(const std::string& name, int sys_errno);
Error create_error(const std::string& name, int sys_errno);
Error write_error(const std::string& name, int sys_errno);
Error remove_error(const std::string& name, int sys_errno);
Error rename_error(const std::string& from, const std::string& to, int sys_errno);
Error not_regular(const std::string& name);
Error too_large(const std::string& name, std::size_t max);
/// Error: file-name-unsafe.
Result<void> check_name(const std::string& name);

}  // namespace hearth::system
