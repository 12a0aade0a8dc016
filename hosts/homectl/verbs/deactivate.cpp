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

Result<void> close_one(const Context& context, const std::string& user, bool keep_size = false) {
    worker::Request request = plain_request("deactivate", user);
    request.keep_size = keep_size;
    HEARTH_TRY(reply, run_operation(context, std::move(request)));
    (void)reply;
    say_done("Deactivated the home of " + user + ".");
    return ok();
}

}  // namespace

Result<ExitStatus> run_deactivate(Context& context) {
    leave_current_folder();
    return for_each_argument(context.arguments(), [&](const std::string& name) -> Result<void> {
        HEARTH_TRY(record, find_record(context, name));
        return close_one(context, record.user_name());
    });
}

Result<ExitStatus> run_deactivate_all(Context& context) {
    leave_current_folder();
    HEARTH_TRY(store, home::Store::open(context.root));
    HEARTH_TRY(names, store.names());
    return for_each_argument(names, [&](const std::string& name) -> Result<void> {
        HEARTH_TRY(record, store.load(name));
        HEARTH_TRY(state, state_now(context, record));
        const bool open = state == home::State::active || state == home::State::locked;
        // Shutting down, nobody waits for that.
        return open ? close_one(context, name, true) : ok();
    });
}

}  // namespace hearth::homectl
