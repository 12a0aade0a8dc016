// SPDX-License-Identifier: MIT
#pragma once

#include <hearth/abi.h>

#include <cerrno>
#include <exception>
#include <string>
#include <utility>

namespace hearth::sdk {

/// A failure: a code of the ABI, and for the log what happened. Return it in a Result; thrown, it
/// means the same. The text is for administrators and never holds a secret.
class Error : public std::exception {
  public:
    Error(hearth_status code, std::string text, int sys_errno = 0)
        : code_(code), sys_errno_(sys_errno), text_(std::move(text)) {}

    [[nodiscard]] hearth_status code() const { return code_; }
    [[nodiscard]] int sys_errno() const { return sys_errno_; }
    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

  private:
    hearth_status code_;
    int sys_errno_;
    std::string text_;
};

inline hearth_status code_of_errno(int sys_errno) {
    switch (sys_errno) {
        case ENOMEM:
            return HEARTH_E_NO_MEMORY;
        case ENOSPC:
        case EDQUOT:
            return HEARTH_E_NO_SPACE;
        case EPERM:
        case EACCES:
        case EROFS:
            return HEARTH_E_PERMISSION;
        case EBUSY:
            return HEARTH_E_HOME_BUSY;
        default:
            return HEARTH_E_IO;
    }
}

/// The failure of a system call, with the code that fits its errno.
inline Error sys_error(int sys_errno, std::string text) {
    return Error(code_of_errno(sys_errno), std::move(text), sys_errno);
}

}  // namespace hearth::sdk
