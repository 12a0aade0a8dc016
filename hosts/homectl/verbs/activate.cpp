// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/run/authenticated.hpp"
#include "hosts/homectl/run/success.hpp"
#include "hosts/homectl/verbs/each.hpp"
#include "hosts/homectl/verbs/own_user.hpp"

namespace hearth::homectl {

namespace {

Result<void> open_one(const Context& context, const std::string& name, const char* verb,
                      const char* done) {
    HEARTH_TRY(known, find_unlocked(context, name));
    const std::string& user = known.record.user_name();
    HEARTH_TRY(reply,
               open_and_run(context, known, [&] { return worker::plain_request(verb, user); }));
    (void)reply;
    say_done(done + user + ".");
    return ok();
}

}  // namespace

Result<ExitStatus> run_activate(Context& context) {
    return for_each_argument(context.arguments(), [&](const std::string& name) {
        return open_one(context, name, "activate", "Activated the home of ");
    });
}

Result<ExitStatus> run_authenticate(Context& context) {
    HEARTH_TRY(users, users_or_own(context));
    return for_each_argument(users, [&](const std::string& name) {
        return open_one(context, name, "authenticate", "The password is right for the home of ");
    });
}

Result<ExitStatus> run_repair(Context& context) {
    return for_each_argument(context.arguments(), [&](const std::string& name) {
        return open_one(context, name, "repair", "Checked and mended the home of ");
    });
}

}  // namespace hearth::homectl
