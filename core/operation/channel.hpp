// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace hearth::operation {

/// How an operation speaks to whoever asked for it. The calls may come from any thread.
class Channel {
  public:
    Channel() = default;
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;
    virtual ~Channel() = default;

    /// `done` of `total` units of `step`; total 0: not known.
    virtual void progress(std::string_view step, std::uint64_t done, std::uint64_t total) = 0;
    /// `priority` as in syslog(3). Never a secret.
    virtual void log(int priority, std::string_view text) = 0;
    /// Between on and off nobody may kill this process for being silent.
    virtual void critical(bool on) = 0;
    /// Readable when the operation should stop; -1: never. Borrowed.
    [[nodiscard]] virtual int cancel_fd() const = 0;
    /// The open folder of the cgroup that this process alone is in; -1: there is none. Borrowed.
    [[nodiscard]] virtual int control_group() const { return -1; }
};

}  // namespace hearth::operation
