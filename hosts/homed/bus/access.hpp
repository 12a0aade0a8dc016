// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>
#include <systemd/sd-bus.h>

#include <functional>
#include <map>

#include "core/base/result.hpp"
#include "core/service/home.hpp"
#include "core/service/order.hpp"
#include "hosts/homed/bus/action.hpp"
#include "hosts/homed/bus/senders.hpp"

namespace hearth::homed {

/// Who may do what. Root may do everything; others what polkit allows them, where it runs.
class Access {
  public:
    /// Borrows it.
    explicit Access(Senders& senders) : senders_(senders) {}
    Access(const Access&) = delete;
    Access& operator=(const Access&) = delete;

    using Then = std::function<void(Result<service::Caller>)>;
    /// May the sender of `call` do that to the home (null: it is about none)? `owner_may`: the
    /// owner of the home needs nobody's permission. Answers at once where that is possible, and
    /// otherwise later; never waits. The home is not looked at later.
    /// Errors: access-denied, polkit-interaction, sender-unknown, too-many-questions.
    void ask(sd_bus_message* call, Action action, const service::Home* home, bool owner_may,
             Then then);

  private:
    /// A home as far as the question is about it.
    struct About {
        uid_t owner;
        bool owner_may;
        std::string user;
    };
    void decide(sd_bus_message* call, Action action, const About& about, uid_t uid, Then then);

    Senders& senders_;
    /// Questions that polkit has not answered yet.
    std::map<uid_t, unsigned> open_;
};

}  // namespace hearth::homed
