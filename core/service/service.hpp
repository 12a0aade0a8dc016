// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/record/key_store.hpp"
#include "core/service/balancer.hpp"
#include "core/service/caller_limit.hpp"
#include "core/service/events.hpp"
#include "core/service/loop.hpp"
#include "core/service/metrics.hpp"
#include "core/service/order.hpp"
#include "core/service/proven.hpp"
#include "core/service/registry.hpp"
#include "core/service/rules.hpp"
#include "core/service/runner.hpp"
#include "core/service/surroundings.hpp"
#include "core/service/waiting.hpp"

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
    [[nodiscard]] const home::Root& root() const { return surroundings_.root; }
    [[nodiscard]] const record::Machine& machine() const { return surroundings_.machine; }
    [[nodiscard]] Loop& loop() { return loop_; }
    /// The keys of this machine, read when they are first asked for.
    Result<record::KeyStore*> keys();
    /// Somebody added or removed one.
    void keys_changed() { keys_.reset(); }

    /// Does what is asked, or says why not: at once if the state of the home forbids it, and
    /// otherwise when the worker has ended. The ticket is for cancel().
    Ticket submit(Order order);
    /// Stops an operation where that is possible; its order is still answered. An unknown ticket is
    /// no error: it may just be done.
    void cancel(Ticket ticket);

    using GotReference = std::function<void(Result<UniqueFd>)>;
    /// Opens the home as far as it is closed, with `order.request.secrets`, and gives a reference.
    /// Waits for its turn behind a running operation. The verb and Done of the order are not used.
    void acquire(Order order, bool please_suspend, GotReference done);
    /// A reference to a home that is active; `in_any_state`: to any home. Errors: home-unknown,
    /// home-not-active, home-absent, home-locked, home-busy.
    Result<UniqueFd> ref(const std::string& user, bool please_suspend, bool in_any_state);
    /// Closes a home that nobody references, behind what runs. Errors: home-unknown, home-locked,
    /// home-busy (it is referenced), and those of deactivating.
    void release(const std::string& user, Done done);
    /// Locks all homes whose users all asked for that, or deactivates all; answers when all are
    /// done, with the first failure.
    void lock_all(Done done);
    void deactivate_all(Done done);

    /// From now on the disk is divided among the open homes of these storages, by itself.
    void divide_among(CanRebalance can_rebalance);
    /// The same at once; answers when it is done. Errors: rebalance-needless, rebalance-not-now.
    void rebalance(Done done);

    /// Devices may have been pulled out: the homes on those are closed, whoever uses them.
    void devices_changed();

    /// The machine is about to stop (or is not, after all): homes that are closed from now on keep
    /// their size, so that nobody waits for it, and so do those that are open.
    void machine_ends(bool ends);
    /// Until that is over, nothing of the kind is begun: the machine is about to sleep, say.
    void hold_division(bool on);

    /// `look` is called when a home has lost its record: what it is kept in may still be there, and
    /// then it is found() again.
    void when_record_goes(std::function<void()> look) { when_record_goes_ = std::move(look); }
    /// Somebody may have changed the record of a user, or removed it.
    void record_changed(const std::string& user);
    /// A home was found that has no record here: see Registry::add_unfixated().
    void found(const record::UserRecord& record);
    /// What was found is not there any more.
    void lost(const std::string& user);

    /// Operations that run or wait for a worker.
    [[nodiscard]] bool is_working() const { return runner_.running() > 0; }

    [[nodiscard]] Metrics& metrics() { return metrics_; }
    /// All counters and how things stand, as OpenMetrics has it. `version`: of the host.
    [[nodiscard]] std::string metrics_text(std::string_view version) const;

    struct Job;  ///< private to core/service

  private:
    class Countdown;

    // orders.cpp
    void submit_new(std::unique_ptr<Job> job);
    void submit_known(std::unique_ptr<Job> job);
    void submit_behind(std::unique_ptr<Job> job);
    Result<void> count(const Job& job, const Home& home);
    void go(std::unique_ptr<Job> job, Home& home, Way way);
    void keep_open(Job& job, Home& home);
    static Result<void> put_fixating_first(Job& job);
    void run(std::unique_ptr<Job> job);
    void tell_of_neighbours(worker::Request& request);
    void on_end(Ticket ticket, Result<worker::Reply> result);
    void go_on_after_fixating(std::unique_ptr<Job> job);
    bool finish(const Job& job);
    void settle(const std::string& user);
    void answer(Job& job, Result<worker::Reply> result);
    void answer_later(std::unique_ptr<Job> job, Result<worker::Reply> result);

    // counting.cpp
    void log_begin(Job& job);
    void count_end(const Job& job, const Result<worker::Reply>& result);
    void count_answer(Job& job, const Result<worker::Reply>& result);

    // references.cpp of the service: uses.cpp
    void try_acquire(Job& waiting, const std::string& user);
    [[nodiscard]] Waiting::Rank rank_of(const Caller& caller, const Home& home) const;
    bool enqueue(const std::string& user, Waiting::Rank rank, Waiting::Turn turn);
    void serve_queue(const std::string& user);
    void unused(const std::string& user);
    void close_unused(const std::string& user);
    void retry_later(const std::string& user);
    void deactivate(const std::string& user, bool keep_size, Done done);
    void close_if_free(const std::string& user, const Done& done);
    void close_pulled_out(const std::string& user);

    // division.cpp
    void change_size(const NewSize& change, Done done);
    bool give_way(const std::string& user);
    void hold_sizes();
    void sizes_moved(const Job& job);

    /// Clients look into the folder for the files of a record, and expect it, if empty.
    void make_files_folder(const Home& home);
    void restore_references(Home& home);
    void recover(const std::string& user);
    void record_gone(const std::string& user);
    /// Did this machine's key alone sign it?
    bool is_signed_here(const record::CompactRecord& record);
    void keep_proven();
    [[nodiscard]] bool is_at_rest(const Home& home) const;

    Surroundings surroundings_;
    Loop& loop_;
    Events& events_;
    std::function<void()> when_record_goes_ = [] {};
    std::optional<record::KeyStore> keys_;
    Registry registry_;
    Runner runner_;
    CallerLimit limit_;
    Proven proven_;
    std::unique_ptr<Loop::Handle> soon_;  // proven_ is to be kept
    Metrics metrics_;
    Ticket last_ = 0;
    bool machine_ends_ = false;
    bool holds_division_ = false;
    std::map<Ticket, std::unique_ptr<Job>> jobs_;
    /// Whose answers are held back.
    std::map<Ticket, std::unique_ptr<Job>> delayed_;
    /// Who waits for a home, by its user. Not kept in the home: it may go before they are told.
    std::map<std::string, Waiting> waiting_;
    /// Names of homes that are being made, and of those that are being recovered.
    std::set<std::string, std::less<>> making_;
    /// The UIDs that those get whose workers run, as far as can be told.
    std::map<std::string, uid_t> choosing_;
    std::set<std::string, std::less<>> recovering_;
    /// Nothing before divide_among().
    std::unique_ptr<Balancer> balancer_;
};

}  // namespace hearth::service
