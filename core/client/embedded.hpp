// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "core/client/homes.hpp"
#include "core/home/root.hpp"
#include "core/home/store.hpp"
#include "core/worker/client.hpp"

namespace hearth::client {

/// Without any service: reads the records itself and starts a worker for each operation. For root
/// alone.
class Embedded final : public Homes {
  public:
    explicit Embedded(home::Root root) : root_(std::move(root)), client_(root_) {}

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
    [[nodiscard]] bool needs_recovery() const override;

  private:
    /// Runs a verb on every home of one of these states; stops when it is cancelled.
    Result<void> run_on_all(const worker::Request& like, const std::vector<std::string>& states,
                            worker::Observer& observer, const Each& each);

    home::Root root_;
    worker::Client client_;
    /// Whom find() found: operations on that home need no second look.
    std::string found_;
};

}  // namespace hearth::client
