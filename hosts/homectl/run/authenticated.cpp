// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/run/authenticated.hpp"

namespace hearth::homectl {

namespace {

Result<void> fill(worker::Request& request, const Dialogue& dialogue) {
    for (const secret::Secret& password : dialogue.existing()) {
        HEARTH_TRY(copy, password.clone());
        request.secrets.passwords.push_back(std::move(copy));
    }
    if (dialogue.fresh()) {
        HEARTH_TRY(copy, dialogue.fresh()->clone());
        request.new_passwords.push_back(std::move(copy));
    }
    return ok();
}

/// Asks again for what was wrong; passes the error on if nobody can be asked.
Result<void> ask_again(Dialogue& dialogue, Wanted wanted, const Error& error) {
    if (error.id() == "password-too-weak" && dialogue.fresh_was_typed()) {
        dialogue.say(error.one_line());
        return dialogue.need_fresh();
    }
    const bool wrong = error.code() == Code::bad_secret && wanted.existing;
    if (!wrong || !dialogue.existing_was_typed()) return error;
    dialogue.say(error.one_line());
    return dialogue.need_existing(wanted.fresh);
}

}  // namespace

Result<worker::Reply> run_authenticated(const Context& context, Dialogue& dialogue, Wanted wanted,
                                        const MakeRequest& make) {
    return run_authenticated(context, dialogue, wanted, make,
                             [&](worker::Request request, worker::Observer& observer) {
                                 return context.homes().run(std::move(request), observer);
                             });
}

Result<worker::Reply> run_authenticated(const Context& context, Dialogue& dialogue, Wanted wanted,
                                        const MakeRequest& make, const Act& act) {
    if (wanted.existing && dialogue.existing().empty())
        HEARTH_CHECK(dialogue.need_existing(wanted.fresh));
    if (wanted.fresh && !dialogue.fresh()) HEARTH_CHECK(dialogue.need_fresh());
    for (;;) {
        HEARTH_TRY(request, make());
        HEARTH_CHECK(fill(request, dialogue));
        Result<worker::Reply> reply = run_operation(context, std::move(request), act);
        if (reply) return reply;
        HEARTH_CHECK(ask_again(dialogue, wanted, reply.error()));
    }
}

bool has_password(const client::Known& home) {
    // What a home that only lies here asks for is not known before it is open.
    return home.incomplete || home.state == "unfixated" || !home.record.hashed_passwords().empty();
}

Result<worker::Reply> open_and_run(const Context& context, const client::Known& home,
                                   const MakeRequest& make) {
    Dialogue dialogue(context.passwords, home.record.user_name(), context.settings().ask_password);
    return run_authenticated(context, dialogue, Wanted{has_password(home), false}, make);
}

}  // namespace hearth::homectl
