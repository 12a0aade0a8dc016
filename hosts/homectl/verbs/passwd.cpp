// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/run/authenticated.hpp"
#include "hosts/homectl/run/success.hpp"
#include "hosts/homectl/verbs/each.hpp"
#include "hosts/homectl/verbs/own_user.hpp"

namespace hearth::homectl {

Result<ExitStatus> run_passwd(Context& context) {
    HEARTH_TRY(users, users_or_own(context));
    HEARTH_TRY(known, find_unlocked(context, users[0]));
    const std::string& user = known.record.user_name();
    Dialogue dialogue(context.passwords, user, context.settings().ask_password);
    const Wanted wanted = wanted_for(known, true);
    HEARTH_TRY(reply, run_authenticated(context, dialogue, wanted, [&] {
                   worker::Request request;
                   request.verb = "passwd";
                   request.subject = user;
                   return request;
               }));
    (void)reply;
    say_done("Changed the password of " + user + ".");
    return 0;
}

}  // namespace hearth::homectl
