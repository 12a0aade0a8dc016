// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>

namespace hearth::worker {

/// How long a host waits for a worker. Only progress that goes on buys time: words for the log do
/// not, nor does the same progress told again. Times are milliseconds of a clock that nobody sets.
class Patience {
  public:
    explicit Patience(std::int64_t now) : begun_(now), heard_(now) {}

    void on_progress(const std::string& step, std::uint64_t done, std::int64_t now);
    /// Between on and off the deadlines of an operation stand still. One critical section has a
    /// limit of its own: it parts two steps, and recovery can do that as well.
    void on_critical(bool on, std::int64_t now);
    /// It was asked to stop.
    void on_cancel(std::int64_t now);
    /// It has nothing more to say and has to end.
    void on_farewell(std::int64_t now);
    /// It was killed; the kernel may take a moment.
    void on_killed(std::int64_t now);

    /// Until it is too late; 0: it is.
    [[nodiscard]] int left(std::int64_t now) const;
    /// Does it make sense to ask it to stop before it is killed?
    [[nodiscard]] bool can_ask() const { return !asked_ && !leaving_ && !is_loading(); }

  private:
    [[nodiscard]] bool is_loading() const;
    [[nodiscard]] std::int64_t limit() const;

    std::string step_;
    std::uint64_t done_ = 0;
    std::int64_t begun_;
    std::int64_t heard_;
    std::int64_t critical_since_ = 0;
    std::int64_t asked_since_ = 0;
    bool critical_ = false;
    bool asked_ = false;
    bool leaving_ = false;
    bool killed_ = false;
};

}  // namespace hearth::worker
