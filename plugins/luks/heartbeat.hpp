// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace hearth::luks {

/// Says for as long as it lives that the operation is at work: whoever is silent for too long is
/// taken for dead. For calls that take as long as a home is large, and say nothing themselves.
class Heartbeat {
  public:
    /// `step` is borrowed.
    Heartbeat(sdk::Op op, const char* step);
    Heartbeat(const Heartbeat&) = delete;
    Heartbeat& operator=(const Heartbeat&) = delete;
    ~Heartbeat();

  private:
    void beat(sdk::Op op, const char* step);

    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_over_ = false;
    std::thread thread_;  // the last one: it uses the others
};

}  // namespace hearth::luks
