// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>

namespace hearth::worker {

/// What the caller of an operation hears while it runs.
class Listener {
  public:
    Listener() = default;
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    virtual ~Listener() = default;
    /// `done` of `total` units of `step`; total 0: not known.
    virtual void on_progress(const std::string& step, std::uint64_t done, std::uint64_t total) = 0;
    /// A line for the log (syslog priority), from core or from a plugin.
    virtual void on_log(unsigned priority, const std::string& line) = 0;
};

}  // namespace hearth::worker
