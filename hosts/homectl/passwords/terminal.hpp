// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/secret/secret.hpp"

namespace hearth::homectl {

/// The terminal that the person sits at, for questions whose answers nobody may see.
///
/// While a question is open, echo is off; whatever ends it, an answer or a signal, puts the
/// terminal back as it was. A signal that ends programs then ends this one.
class Terminal {
  public:
    /// Errors: no-terminal.
    static Result<Terminal> open(const char* path = "/dev/tty");

    /// Asks and waits for a line. Errors: password-too-long, terminal-failed, no-answer (the end of
    /// input).
    Result<secret::Secret> ask(const std::string& question);
    /// Writes a line for the person.
    void say(const std::string& text);
    /// Writes a secret of ours as it is, and a line end.
    void show(const secret::Secret& text);

  private:
    explicit Terminal(UniqueFd fd) : fd_(std::move(fd)) {}
    UniqueFd fd_;
};

}  // namespace hearth::homectl
