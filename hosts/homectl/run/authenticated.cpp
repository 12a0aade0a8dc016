// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/run/authenticated.hpp"

#include "hosts/homectl/tokens/kinds.hpp"

namespace hearth::homectl {

namespace {

Result<void> fill(worker::Request& request, const Dialogue& dialogue) {
    HEARTH_TRY(secrets, dialogue.token_secrets());
    request.secrets = std::move(secrets);
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

/// Is it a password that would help, and can there be one that has not been tried?
bool may_give_password(Dialogue& dialogue, Wanted wanted, const Error& error) {
    const bool wrong = error.code() == Code::bad_secret || error.code() == Code::need_token;
    if (!wrong || !wanted.opens()) return false;
    return dialogue.existing().empty() || dialogue.existing_was_typed();
}

/// Asks again for what was wrong; passes the error on if nobody can be asked.
Result<void> ask_again(Dialogue& dialogue, Wanted wanted, const Error& error) {
    if (error.id() == "password-too-weak" && dialogue.fresh_was_typed()) {
        dialogue.say(error.one_line());
        return dialogue.need_fresh();
    }
    HEARTH_TRY(helped, dialogue.help_token(error));
    if (helped) return ok();
    if (!may_give_password(dialogue, wanted, error)) return error;
    if (!dialogue.has_given() && !dialogue.can_ask()) return error;
    // Without one there was nothing wrong with it.
    if (!dialogue.existing().empty() || error.code() == Code::need_token)
        dialogue.say(error.what());
    return error.id() == "bad-recovery-key" ? dialogue.need_recovery_key()
                                            : dialogue.need_existing(wanted.fresh);
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
    const bool first = wanted.existing || (wanted.tokens && dialogue.has_given());
    if (first && dialogue.existing().empty()) HEARTH_CHECK(dialogue.need_existing(wanted.fresh));
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

Wanted wanted_for(const client::Known& home, bool fresh) {
    const bool tokens = has_tokens(home.record);
    return {has_password(home) && !tokens, fresh, tokens};
}

Result<worker::Reply> open_and_run(const Context& context, const client::Known& home,
                                   const MakeRequest& make) {
    Dialogue dialogue(context.passwords, home.record.user_name(), context.settings().ask_password);
    return run_authenticated(context, dialogue, wanted_for(home, false), make);
}

}  // namespace hearth::homectl
