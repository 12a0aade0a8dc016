// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/service/disk.hpp"
#include "core/service/loop.hpp"
#include "core/service/order.hpp"

namespace hearth::service {

/// Divides the disk among the open homes, one home after the other: a moment after something has
/// changed, from time to time as long as there are such homes, and when somebody asks. Whatever
/// else is to be done with a home goes first. One thread.
class Balancer {
  public:
    /// Gives one home another size, or says home-busy.
    using Change = std::function<void(const NewSize& change, Done done)>;
    using Problem = std::function<void(const Error& error)>;

    /// Borrows the loop.
    Balancer(Loop& loop, std::function<Disk()> look, Change change, Problem problem);
    Balancer(const Balancer&) = delete;
    Balancer& operator=(const Balancer&) = delete;
    ~Balancer();

    /// No home takes part.
    static Error needless();

    /// Now; answers when it is done. Errors: rebalance-needless (no home takes part),
    /// rebalance-not-now (held).
    void ask(Done done);
    /// Something has changed: a home was opened or closed, say.
    void soon();
    /// What was found out about this home may be different now.
    void forget(const std::string& user) { refused_.erase(user); }
    /// Nothing is begun until that is over.
    void hold(bool on);

  private:
    void begin();
    void next();
    void note(const std::string& user, const Result<worker::Reply>& result);
    void end();
    void arm(std::uint64_t usec);
    void answer(const Result<void>& result);

    Loop& loop_;
    std::function<Disk()> look_;
    Change change_;
    Problem problem_;
    std::vector<Done> waiting_;
    std::deque<NewSize> todo_;
    /// Homes that cannot change their size as they are open now.
    std::set<std::string, std::less<>> refused_;
    std::unique_ptr<Loop::Handle> timer_;
    std::uint64_t least_free_ = 0;
    bool running_ = false;
    bool held_ = false;
    bool comes_soon_ = false;
    bool was_busy_ = false;
};

}  // namespace hearth::service
