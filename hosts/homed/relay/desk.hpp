// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <memory>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/service/order.hpp"

namespace hearth::homed {

/// What a session needs of the service on behalf of its client.
class Desk {
  public:
    Desk() = default;
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;
    virtual ~Desk() = default;

    using Allowed = std::function<void(Result<service::Caller>)>;
    /// May the client have that? Takes out of the request what is not the client's to say, and
    /// names the home by its user name. Answers at once or later. Errors: access-denied and its
    /// like, home-unknown, worker-protocol.
    virtual void permit(const std::shared_ptr<worker::Request>& request, Allowed then) = 0;

    virtual service::Ticket submit(service::Order order) = 0;
    virtual void cancel(service::Ticket ticket) = 0;

    /// A home that was opened for a client, and what keeps it open.
    struct Acquired {
        worker::Reply reply;
        UniqueFd reference;
    };
    using GotReference = std::function<void(Result<Acquired>)>;
    virtual void acquire(service::Order order, GotReference done) = 0;

    /// The record without what the caller may not see.
    [[nodiscard]] virtual record::UserRecord shown(const record::UserRecord& record,
                                                   service::Caller caller) const = 0;
};

}  // namespace hearth::homed
