// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <systemd/sd-bus.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/service/events.hpp"
#include "core/service/service.hpp"
#include "hosts/homed/bus/auto_login.hpp"

namespace hearth::homed {

/// Tells those who listen on the bus what becomes of homes: once for each home when nothing else is
/// to be done, however often it changed meanwhile.
class Publisher final : public service::Events {
  public:
    using Log = std::function<void(const system::LogEntry&)>;
    explicit Publisher(Log log) : log_(std::move(log)) {}

    /// Before this nobody is told anything: nobody can have asked about homes yet. Borrows both.
    void begin(sd_bus* bus, service::Service& service);

    void on_added(const service::Home& home) override { touch(home.user_name()); }
    void on_changed(const service::Home& home) override { touch(home.user_name()); }
    void on_removed(const std::string& user) override { touch(user); }
    void on_problem(const Error& error) override;
    void on_log(const system::LogEntry& entry) override { log_(entry); }

  private:
    void touch(const std::string& user);
    void tell();
    void tell_about(const std::string& user);
    void tell_auto_login();

    Log log_;
    sd_bus* bus_ = nullptr;
    service::Service* service_ = nullptr;
    std::set<std::string> published_;
    std::set<std::string> touched_;
    std::vector<AutoLogin> auto_logins_;
    std::unique_ptr<service::Loop::Handle> idle_;
};

}  // namespace hearth::homed
