// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "core/worker/client.hpp"

namespace hearth::homectl {

/// Shows what an operation does: on a terminal as one line that is gone at the end, with --verbose
/// as a line a step.
class Progress : public worker::Observer {
  public:
    /// Borrows `cancel_fd`, which becomes readable when the operation shall stop.
    Progress(int cancel_fd, bool verbose);
    ~Progress() override;

    void on_progress(const std::string& step, std::uint64_t done, std::uint64_t total) override;
    void on_log(unsigned priority, const std::string& line) override;
    [[nodiscard]] int cancel_fd() const override { return cancel_fd_; }
    [[nodiscard]] bool is_listening() const override { return verbose_ || terminal_; }
    /// Takes the line away, before anything else is printed.
    void erase();

  private:
    int cancel_fd_;
    bool verbose_;
    bool terminal_;
    bool shown_ = false;
    std::string step_;
};

}  // namespace hearth::homectl
