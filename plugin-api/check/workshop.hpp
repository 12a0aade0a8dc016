// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "life.hpp"
#include "rule.hpp"

namespace hearth::check {

/// A plugin that runs in this process, and one home of a rule. The usual start of a rule.
class Workshop {
  public:
    /// The home lies in the rule's folder. Loading is left to load().
    explicit Workshop(const Context& context, const std::string& user = "checked");

    /// Outcome: it does not load, or it needs root and this is not.
    Outcome load(bool guarded_host = false);

    [[nodiscard]] const Home& home() const { return home_; }
    [[nodiscard]] Breaches& breaches() { return breaches_; }
    [[nodiscard]] Ledger& ledger() { return *ledger_; }
    /// Another place for the ledger, borrowed: memory that outlives this process.
    void use_ledger(Ledger* ledger) { ledger_ = ledger; }

    /// One operation, with a number of its own.
    Did operate(const std::function<Did(Bench&)>& work, BenchSettings settings = {});
    /// Recovers what the ledger says was interrupted.
    Did recover(BenchSettings settings = {});
    /// Is the medium absent or not, by state()?
    Did state(std::uint32_t& out);

  private:
    const Context& context_;
    Home home_;
    Loaded loaded_;
    Breaches breaches_;
    Ledger own_{};
    Ledger* ledger_ = &own_;
    std::uint64_t next_op_ = 0;
};

/// In the words of a rule. A medium that does not work on this file system is a reason to skip.
Outcome to_outcome(const Did& did, const std::string& when);
/// Only the home itself (or nothing) is in the folder.
Outcome is_tidy(const Home& home, bool home_exists);
/// It is there and whole, and opens with the passwords of these bits.
Outcome is_whole(Workshop& shop, unsigned mask = 1);

}  // namespace hearth::check
