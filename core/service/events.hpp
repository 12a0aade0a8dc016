// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "core/base/error.hpp"
#include "core/system/structured_log.hpp"

namespace hearth::service {

class Home;

/// What the service tells its host about, for those who listen on the bus.
class Events {
  public:
    Events() = default;
    Events(const Events&) = delete;
    Events& operator=(const Events&) = delete;
    virtual ~Events() = default;

    virtual void on_added(const Home& home) = 0;
    /// Its record or its state is another now.
    virtual void on_changed(const Home& home) = 0;
    virtual void on_removed(const std::string& user) = 0;
    /// For the log: nobody waits for it.
    virtual void on_problem(const Error& error) = 0;
    /// For the log as well: what is done with homes.
    virtual void on_log(const system::LogEntry& entry) = 0;
};

}  // namespace hearth::service
