// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/base/code.hpp"

namespace hearth {

/// A failure that a person may have to read: what happened, why, and what to do about it.
///
/// `id` is stable across releases and is listed in docs/errors.md; scripts may rely on it. The
/// texts may change. None of the texts ever holds a secret. Errors are values: whoever stops
/// passing one on reports it, once.
class Error {
  public:
    Error(Code code, std::string_view id, std::string what, const char* file = __builtin_FILE(),
          int line = __builtin_LINE());

    /// The cause, in a sentence of its own.
    Error&& why(std::string sentence) &&;
    /// What the reader can do next, in a sentence of its own.
    Error&& hint(std::string sentence) &&;
    /// Remembers errno and, if no cause was given, explains it.
    Error&& sys(int sys_errno) &&;
    /// Puts a sentence of the caller's layer in front: the old headline becomes the first cause.
    Error&& context(std::string sentence) &&;

    [[nodiscard]] Code code() const { return code_; }
    [[nodiscard]] const std::string& id() const { return id_; }
    [[nodiscard]] const std::string& what() const { return what_; }
    [[nodiscard]] const std::string& why() const { return why_; }
    [[nodiscard]] const std::string& hint() const { return hint_; }
    [[nodiscard]] int sys_errno() const { return sys_errno_; }
    [[nodiscard]] const char* file() const { return file_; }
    [[nodiscard]] int line() const { return line_; }

    /// "what: why" on one line, for logs and tests.
    [[nodiscard]] std::string one_line() const;

  private:
    Code code_;
    int sys_errno_ = 0;
    std::string id_;
    std::string what_;
    std::string why_;
    std::string hint_;
    const char* file_;
    int line_;
};

}  // namespace hearth
