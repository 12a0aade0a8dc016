// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/verbs/each.hpp"

#include "core/home/state.hpp"
#include "hosts/homectl/output/report.hpp"
#include "hosts/homectl/run/cancel_signals.hpp"
#include "hosts/homectl/run/progress.hpp"
#include "hosts/homectl/run/success.hpp"

namespace hearth::homectl {

ExitStatus for_each_argument(const std::vector<std::string>& arguments,
                             const std::function<Result<void>(const std::string&)>& act) {
    ExitStatus status = 0;
    for (const std::string& argument : arguments) {
        const Result<void> done = act(argument);
        if (done) continue;
        report(done.error());
        status = 1;
        // Ctrl-C means all of it.
        if (done.error().code() == Code::cancelled) break;
    }
    return status;
}

Result<ExitStatus> run_on_all(const Context& context, OnAll act, const std::string& done) {
    CancelSignals signals;
    Progress progress(signals.fd(), context.settings().verbose);
    ExitStatus status = 0;
    HEARTH_CHECK((context.homes().*act)(
        progress, [&](const std::string& user, const Result<worker::Reply>& reply) {
            progress.erase();
            if (reply) {
                for (const std::string& warning : reply->warnings) notice(warning);
                say_done(done + user + ".");
            } else if (reply.error().id() == "storage-cannot-lock") {
                // No failure of a command that means all.
                notice("The home of " + user + " stays open. " + reply.error().why());
            } else {
                report(reply.error());
                status = 1;
            }
        }));
    return status;
}

bool is_locked(const client::Known& home) {
    return home.state == home::to_text(home::State::locked);
}

Result<client::Known> find_unlocked(const Context& context, const std::string& name) {
    HEARTH_TRY(known, context.homes().find(name));
    if (is_locked(known)) return home::locked_error(known.record.user_name());
    return known;
}

std::string user_of(const worker::Reply& reply, const std::string& typed) {
    return reply.record ? reply.record->user_name() : typed;
}

}  // namespace hearth::homectl
