// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "core/worker/listener.hpp"

namespace hearth::homed {

class Session;

/// Tells the client of a session what happens, as long as there is one. Lines for the log are for
/// root: they may say what others have no business to know.
class Teller final : public worker::Listener {
  public:
    Teller(std::weak_ptr<Session> session, bool with_log)
        : session_(std::move(session)), with_log_(with_log) {}

    void on_progress(const std::string& step, std::uint64_t done, std::uint64_t total) override;
    void on_log(unsigned priority, const std::string& line) override;

  private:
    std::weak_ptr<Session> session_;
    bool with_log_;
};

}  // namespace hearth::homed
