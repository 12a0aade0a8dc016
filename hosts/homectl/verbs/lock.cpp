// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/run/authenticated.hpp"
#include "hosts/homectl/run/operation.hpp"
#include "hosts/homectl/run/success.hpp"
#include "hosts/homectl/verbs/each.hpp"

namespace hearth::homectl {

namespace {

Result<void> lock_one(const Context& context, const std::string& name) {
    HEARTH_TRY(reply, run_operation(context, worker::plain_request("lock", name)));
    say_done("Locked the home of " + user_of(reply, name) + ".");
    return ok();
}

Result<void> unlock_one(const Context& context, const std::string& name) {
    HEARTH_TRY(known, context.homes().find(name));
    const std::string& user = known.record.user_name();
    // Not locked, it is told so without a password; the worker has the last word.
    const auto make = [&] { return worker::plain_request("unlock", user); };
    HEARTH_TRY(reply, is_locked(known) ? open_and_run(context, known, make)
                                       : run_operation(context, make()));
    (void)reply;
    say_done("Unlocked the home of " + user + ".");
    return ok();
}

}  // namespace

Result<ExitStatus> run_lock(Context& context) {
    return for_each_argument(context.arguments(),
                             [&](const std::string& name) { return lock_one(context, name); });
}

Result<ExitStatus> run_lock_all(Context& context) {
    return run_on_all(context, &client::Homes::lock_all, "Locked the home of ");
}

Result<ExitStatus> run_unlock(Context& context) {
    return for_each_argument(context.arguments(),
                             [&](const std::string& name) { return unlock_one(context, name); });
}

}  // namespace hearth::homectl
