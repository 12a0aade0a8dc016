// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/run/operation.hpp"

#include <utility>

#include "hosts/homectl/output/report.hpp"
#include "hosts/homectl/run/cancel_signals.hpp"
#include "hosts/homectl/run/progress.hpp"

namespace hearth::homectl {

Result<worker::Reply> run_operation(const Context& context, worker::Request request) {
    return run_operation(context, std::move(request),
                         [&](worker::Request asked, worker::Observer& observer) {
                             return context.homes().run(std::move(asked), observer);
                         });
}

Result<worker::Reply> run_operation(const Context& context, worker::Request request,
                                    const Act& act) {
    CancelSignals signals;
    Result<worker::Reply> reply = [&] {
        Progress progress(signals.fd(), context.settings().verbose);
        return act(std::move(request), progress);
    }();
    if (reply)
        for (const std::string& warning : reply->warnings) notice(warning);
    return reply;
}

void recover_first(const Context& context) {
    if (!context.homes().needs_recovery()) return;
    worker::Request request;
    request.verb = "recover";
    // A home that cannot be brought back says so, and hinders no other.
    if (auto reply = run_operation(context, std::move(request)); !reply) report(reply.error());
}

}  // namespace hearth::homectl
