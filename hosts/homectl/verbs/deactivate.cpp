// SPDX-License-Identifier: LGPL-2.1-or-later
#include <unistd.h>

#include "hosts/homectl/run/operation.hpp"
#include "hosts/homectl/run/success.hpp"
#include "hosts/homectl/verbs/each.hpp"

namespace hearth::homectl {

namespace {

/// homectl itself must not be what keeps a home busy when it is typed inside it.
void leave_current_folder() {
    // If even / cannot be entered, the worst is a home that is busy.
    [[maybe_unused]] const int status = ::chdir("/");
}

Result<void> close_one(const Context& context, const std::string& name) {
    HEARTH_TRY(reply, run_operation(context, worker::plain_request("deactivate", name)));
    say_done("Deactivated the home of " + user_of(reply, name) + ".");
    return ok();
}

}  // namespace

Result<ExitStatus> run_deactivate(Context& context) {
    leave_current_folder();
    return for_each_argument(context.arguments(),
                             [&](const std::string& name) { return close_one(context, name); });
}

Result<ExitStatus> run_deactivate_all(Context& context) {
    leave_current_folder();
    return run_on_all(context, &client::Homes::deactivate_all, "Deactivated the home of ");
}

}  // namespace hearth::homectl
