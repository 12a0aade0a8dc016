// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "core/client/answer.hpp"
#include "core/client/bus.hpp"
#include "core/client/homes.hpp"
#include "core/record/machine.hpp"
#include "core/worker/opening.hpp"

namespace hearth::client {

/// Through the service. What is to be done goes over a socket of our own (dev.hearth.Home1), so
/// that no secret is on the bus and progress comes back; the rest is org.freedesktop.home1.
class OverBus final : public Homes {
  public:
    /// `may_ask`: the person may be asked on the terminal, for polkit.
    OverBus(Bus bus, record::Machine machine, bool may_ask)
        : bus_(std::move(bus)), machine_(std::move(machine)), may_ask_(may_ask) {}

    Result<worker::Reply> run(worker::Request request, worker::Observer& observer) override;
    Result<void> run_batch(Batch& batch, worker::Observer& observer) override;
    Result<Listing> list() override;
    Result<Known> find(const std::string& name) override;
    std::optional<bool> is_signed_here(const Known& home) override;
    Result<Use> acquire(worker::Request request, worker::Observer& observer) override;
    [[nodiscard]] bool opens_without_secret(const Known& home) const override;
    Result<void> release(Use use, worker::Observer& observer) override;
    Result<void> lock_all(worker::Observer& observer, const Each& each) override;
    Result<void> rebalance() override;
    Result<std::string> metrics() override;
    Result<void> deactivate_all(worker::Observer& observer, const Each& each) override;
    Result<std::vector<PublicKey>> keys() override;
    Result<void> add_key(const PublicKey& key) override;
    Result<void> remove_key(const std::string& name) override;
    [[nodiscard]] bool needs_recovery() const override { return false; }

  private:
    Result<Answer> ask(worker::Request request, worker::Observer& observer);
    Result<Answer> ask_once(const worker::Opening& opening, worker::Observer& observer);
    void run_first(Batch& batch, worker::Observer& observer);
    /// Hands the service a socket with the request on it; yields our end.
    Result<UniqueFd> place(const worker::Opening& opening);
    /// What the status section of the record says about this machine.
    [[nodiscard]] record::Object status_of(const record::UserRecord& record) const;

    Bus bus_;
    record::Machine machine_;
    bool may_ask_;
};

}  // namespace hearth::client
