// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "child.hpp"
#include "life.hpp"

namespace hearth::check {

/// A ledger in memory that a killed process leaves to its parent.
class SharedLedger {
  public:
    SharedLedger();
    SharedLedger(const SharedLedger&) = delete;
    SharedLedger& operator=(const SharedLedger&) = delete;
    ~SharedLedger();
    Ledger* get() { return ledger_; }

  private:
    Ledger* ledger_;
};

/// Where a process is to die.
enum class DeathAt {
    service,      // at a call of a service of the host: progress, notes, places, ...
    system_call,  // at a system call that changes files, mounts or keys
};

/// Runs `prepare` and then `body` in a child that is killed at the `at`-th point within `body`.
/// killed() of the result: it was; otherwise there were fewer points, and the outcome is body's.
Ended run_and_kill(DeathAt where, std::uint32_t at, const std::function<Outcome()>& prepare,
                   const std::function<Outcome()>& body);

}  // namespace hearth::check
