// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/client/batch.hpp"
#include "core/client/known.hpp"
#include "core/client/listing.hpp"
#include "core/client/public_key.hpp"
#include "core/client/use.hpp"
#include "core/worker/client.hpp"

namespace hearth::client {

/// The homes of this machine, for a program that a person started: through the service, or by its
/// own means where there is none. Both do the same, and fail with the same errors; which one it is
/// changes who may do what, and nothing else.
///
/// Names are what people type: a user name, user@realm, an alias or a UID.
class Homes {
  public:
    Homes() = default;
    Homes(const Homes&) = delete;
    Homes& operator=(const Homes&) = delete;
    virtual ~Homes() = default;

    /// One operation, until it has ended. The subject may be any name that people type. Errors:
    /// those of the operation, cancelled.
    virtual Result<worker::Reply> run(worker::Request request, worker::Observer& observer) = 0;

    /// Many operations, each on a home of its own, side by side. What becomes of each is told to
    /// the batch, and hinders no other. Errors: cancelled (nothing is under way any more),
    /// batch-wait.
    virtual Result<void> run_batch(Batch& batch, worker::Observer& observer) = 0;

    virtual Result<Listing> list() = 0;
    /// Errors: home-unknown, record-*.
    virtual Result<Known> find(const std::string& name) = 0;
    /// Is the record signed with this machine's own key? Nothing: that is not known.
    virtual std::optional<bool> is_signed_here(const Known& home) = 0;

    /// Opens a home as far as it is closed, and keeps it from being closed. Of the request, the
    /// subject, the secrets and please_suspend are used. Errors: those of activating.
    virtual Result<Use> acquire(worker::Request request, worker::Observer& observer) = 0;
    /// Can that be done without any secret?
    [[nodiscard]] virtual bool opens_without_secret(const Known& home) const = 0;
    /// Ends the use; a home that nobody else uses is closed. Errors: those of deactivating.
    virtual Result<void> release(Use use, worker::Observer& observer) = 0;

    /// Told what became of each home that a command for all of them deals with, as far as that is
    /// known.
    using Each = std::function<void(const std::string& user, const Result<worker::Reply>& done)>;
    /// Locks those that are open and can be locked.
    virtual Result<void> lock_all(worker::Observer& observer, const Each& each) = 0;
    virtual Result<void> deactivate_all(worker::Observer& observer, const Each& each) = 0;

    /// Divides the disk among the open homes. Errors: rebalance-needless (there are none that take
    /// part), rebalance-needs-service.
    virtual Result<void> rebalance() = 0;

    /// What the service has counted, as OpenMetrics has it. Errors: metrics-need-service.
    virtual Result<std::string> metrics() = 0;

    /// The keys whose signatures hold here, sorted by name.
    virtual Result<std::vector<PublicKey>> keys() = 0;
    virtual Result<void> add_key(const PublicKey& key) = 0;
    virtual Result<void> remove_key(const std::string& name) = 0;

    /// Was an earlier operation interrupted, so that "recover" must be run before anything else?
    [[nodiscard]] virtual bool needs_recovery() const = 0;
};

}  // namespace hearth::client
