// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>

#include "core/service/service.hpp"
#include "hosts/homed/bus/access.hpp"
#include "hosts/homed/bus/message.hpp"
#include "hosts/homed/bus/senders.hpp"
#include "hosts/homed/relay/desk.hpp"
#include "hosts/homed/relay/rule.hpp"

namespace hearth::homed {

/// The service, for the client that made one call on the bus. Borrows all but the call. Lives as
/// long as a question about permission is open, though its session may be over.
class ServiceDesk final : public Desk, public std::enable_shared_from_this<ServiceDesk> {
  public:
    ServiceDesk(service::Service& service, Access& access, Senders& senders, Message call)
        : service_(service), access_(access), senders_(senders), call_(std::move(call)) {}

    void permit(const std::shared_ptr<worker::Request>& request, Allowed then) override;
    service::Ticket submit(service::Order order) override;
    void cancel(service::Ticket ticket) override;
    void acquire(service::Order order, GotReference done) override;
    [[nodiscard]] record::UserRecord shown(const record::UserRecord& record,
                                           service::Caller caller) const override;

  private:
    void on_sender(uid_t uid, const Rule& rule, const std::shared_ptr<worker::Request>& request,
                   const Allowed& then);
    void permit_update(uid_t uid, const std::shared_ptr<worker::Request>& request,
                       const Allowed& then);

    service::Service& service_;
    Access& access_;
    Senders& senders_;
    Message call_;
};

}  // namespace hearth::homed
