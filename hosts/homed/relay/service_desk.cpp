// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/relay/service_desk.hpp"

#include <utility>

#include "core/home/store.hpp"
#include "core/record/effective.hpp"
#include "hosts/homed/bus/blobs.hpp"
#include "hosts/homed/bus/update_action.hpp"

namespace hearth::homed {

namespace {

using record::Sections;

Error unknown_verb() {
    return Error(Code::invalid_argument, "worker-protocol",
                 "The request asks for something that clients cannot have.");
}

/// Who counts attempts, who may skip the checks of new passwords, what is bound to this machine and
/// what other homes have is not for clients to say. To realize a home is for others on the bus.
void clean(worker::Request& request, uid_t uid) {
    request.counted = true;
    request.realize = false;
    request.neighbours.reset();
    if (uid != 0) request.skip_quality = false;
    if (request.record && request.verb != "fixate")
        request.record->remove_sections(Sections::binding | Sections::status | Sections::secret);
}

const service::Home* home_of(const service::Registry& homes, const std::string& name, uid_t uid) {
    return name.empty() ? homes.find_uid(uid) : homes.find_any(name);
}

}  // namespace

void ServiceDesk::permit(const std::shared_ptr<worker::Request>& request, Allowed then) {
    const auto rule = find_rule(request->verb);
    if (!rule) return then(unknown_verb());
    if (request->blobs)
        if (const auto good = check_blob_files(*request->blobs); !good) return then(good.error());
    senders_.ask(call_.get(), [self = shared_from_this(), rule, request,
                               then = std::move(then)](const Result<uid_t>& uid) {
        if (!uid) return then(uid.error());
        self->on_sender(*uid, *rule, request, then);
    });
}

void ServiceDesk::on_sender(uid_t uid, const Rule& rule,
                            const std::shared_ptr<worker::Request>& request, const Allowed& then) {
    clean(*request, uid);
    const service::Home* home = nullptr;
    if (rule.needs_home) {
        home = home_of(service_.homes(), request->subject, uid);
        if (home == nullptr) return then(home::unknown_home(request->subject));
        request->subject = home->user_name();
    }
    if (rule.anybody_may) return then(service::Caller{uid});
    if (request->verb == "update") return permit_update(uid, request, then);
    access_.ask(call_.get(), rule.action, home, rule.owner_may, then);
}

/// The home may have changed while somebody was asked: permission has to be enough for what it is
/// then.
void ServiceDesk::permit_update(uid_t uid, const std::shared_ptr<worker::Request>& request,
                                const Allowed& then) {
    const service::Home* const home = service_.homes().find(request->subject);
    if (home == nullptr) return then(home::unknown_home(request->subject));
    if (!request->record) return then(unknown_verb());
    const Action action = action_of_update(*request, *home, service_.machine(), uid);
    access_.ask(call_.get(), action, home, false,
                [self = shared_from_this(), uid, request, then,
                 action](const Result<service::Caller>& caller) {
                    if (!caller || action == Action::update_home) return then(caller);
                    const service::Home* const now = self->service_.homes().find(request->subject);
                    if (now != nullptr &&
                        action_of_update(*request, *now, self->service_.machine(), uid) != action)
                        return self->permit_update(uid, request, then);
                    then(caller);
                });
}

service::Ticket ServiceDesk::submit(service::Order order) {
    return service_.submit(std::move(order));
}

void ServiceDesk::cancel(service::Ticket ticket) {
    service_.cancel(ticket);
}

void ServiceDesk::acquire(service::Order order, GotReference done) {
    const bool please_suspend = order.request.please_suspend;
    service_.acquire(std::move(order), please_suspend,
                     [&service = service_, user = order.request.subject,
                      done = std::move(done)](Result<UniqueFd> reference) {
                         if (!reference) return done(reference.error());
                         Acquired acquired;
                         acquired.reference = std::move(*reference);
                         if (const service::Home* const home = service.homes().find(user))
                             acquired.reply.record = home->record();
                         done(std::move(acquired));
                     });
}

record::UserRecord ServiceDesk::shown(const record::UserRecord& record,
                                      service::Caller caller) const {
    const auto owner = record::Effective(record, service_.machine()).number("uid");
    const bool trusted = caller.uid == 0 || owner == caller.uid;
    return record.with_sections(trusted ? Sections::stored : Sections::shown);
}

}  // namespace hearth::homed
