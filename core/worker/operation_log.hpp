// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/base/result.hpp"
#include "core/system/structured_log.hpp"
#include "core/worker/listener.hpp"
#include "core/worker/request.hpp"

namespace hearth::worker {

/// Tells a log of one operation: that it begins, what its worker and the plugin in it say, and how
/// it ended; each with the fields by which all of that is found. Passes on what it hears.
class OperationLog final : public Listener {
  public:
    using Sink = std::function<void(const system::LogEntry&)>;
    struct About {
        std::string operation, verb, home;
        /// Whose wish it is; nothing: our own.
        std::optional<uid_t> caller;
    };

    /// `next` may be null.
    OperationLog(About about, Sink sink, std::shared_ptr<Listener> next)
        : about_(std::move(about)), sink_(std::move(sink)), next_(std::move(next)) {}

    void on_progress(const std::string& step, std::uint64_t done, std::uint64_t total) override;
    void on_log(unsigned priority, const std::string& line) override;
    void begun() const;
    void ended(const Result<Reply>& result, std::uint64_t usec) const;

  private:
    [[nodiscard]] system::LogEntry entry(int priority, std::string text, const char* event) const;

    About about_;
    Sink sink_;
    std::shared_ptr<Listener> next_;
};

/// "ok", "cancelled" or "failed": what logs and counters call it.
[[nodiscard]] const char* outcome_of(const Result<Reply>& result);

}  // namespace hearth::worker
