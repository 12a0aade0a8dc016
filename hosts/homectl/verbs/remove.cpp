// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/run/operation.hpp"
#include "hosts/homectl/run/success.hpp"
#include "hosts/homectl/verbs/each.hpp"

namespace hearth::homectl {

Result<ExitStatus> run_remove(Context& context) {
    return for_each_argument(context.arguments(), [&](const std::string& name) -> Result<void> {
        // Afterwards nothing would tell whom a UID stood for.
        HEARTH_TRY(known, context.homes().find(name));
        const std::string& user = known.record.user_name();
        HEARTH_TRY(reply, run_operation(context, worker::plain_request("remove", user)));
        (void)reply;
        say_done("Removed the home of " + user + ".");
        return ok();
    });
}

}  // namespace hearth::homectl
