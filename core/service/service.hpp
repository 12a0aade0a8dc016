// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/home/root.hpp"
#include "core/record/machine.hpp"
#include "core/service/caller_limit.hpp"
#include "core/service/events.hpp"
#include "core/service/loop.hpp"
#include "core/service/order.hpp"
#include "core/service/registry.hpp"
#include "core/service/runner.hpp"

namespace hearth::service {

/// What a long-lived host serves: all homes, and the operations on them, one at a time for each
/// home and several at once for different ones. Decides by the state of a home what may be done
/// (rules.hpp); does the work in workers. The host owns ways of being called, and who may call.
///
/// One thread. No call waits for an operation.
class Service {
  public:
    /// `loop` and `events` are borrowed as long as the service lives.
    Service(home::Root root, record::Machine machine, Loop& loop, Events& events);
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;
    ~Service();

    /// Reads the records, finds references and interrupted operations of an earlier run, and begins
    /// to recover those. Errors: store-unreadable.
    Result<void> start();

    [[nodiscard]] const Registry& homes() const { return registry_; }
    [[nodiscard]] const home::Root& root() const { return root_; }
    [[nodiscard]] const record::Machine& machine() const { return machine_; }
    [[nodiscard]] Loop& loop() { return loop_; }

    /// Does what is asked, or says why not: at once if the state of the home forbids it, and
    /// otherwise when the worker has ended. The ticket is for cancel().
    Ticket submit(Order order);
    /// Stops an operation where that is possible; its order is still answered. An unknown ticket is
    /// no error: it may just be done.
    void cancel(Ticket ticket);

    using GotReference = std::function<void(Result<UniqueFd>)>;
    /// Opens the home as far as it is closed, with `order.request.secrets`, and gives a reference.
    /// Waits for its turn behind a running operation.
    Ticket acquire(Order order, bool please_suspend, GotReference done);
    /// A reference to a home that is active; `in_any_state`: to any home.
    Result<UniqueFd> ref(const std::string& user, bool please_suspend, bool in_any_state);
    /// Closes a home that nobody references, behind what runs.
    void release(const std::string& user, Done done);
    /// Locks all homes whose users all asked for that, or deactivates all; answers when all are
    /// done.
    void lock_all(Done done);
    void deactivate_all(Done done);

    /// Somebody may have changed the record of a user, or removed it.
    void record_changed(const std::string& user);
    /// A home was found that has no record here: see Registry::add_unfixated().
    void found(record::UserRecord record);
    /// What was found is not there any more.
    void lost(const std::string& user);

    [[nodiscard]] bool is_working() const { return runner_.running() > 0; }

  private:
    struct Job;
    friend struct Job;

    home::Root root_;
    record::Machine machine_;
    Loop& loop_;
    Events& events_;
    Registry registry_;
    Runner runner_;
    CallerLimit limit_;
};

}  // namespace hearth::service
