// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/run/operation.hpp"
#include "hosts/homectl/run/success.hpp"
#include "hosts/homectl/verbs/each.hpp"

namespace hearth::homectl {

Result<ExitStatus> run_remove(Context& context) {
    return for_each_argument(context.arguments(), [&](const std::string& name) -> Result<void> {
        HEARTH_TRY(record, find_record(context, name));
        HEARTH_TRY(reply, run_operation(context, plain_request("remove", record.user_name())));
        (void)reply;
        say_done("Removed the home of " + record.user_name() + ".");
        return ok();
    });
}

}  // namespace hearth::homectl
