// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/passwords/dialogue.hpp"

#include <utility>

#include "core/secret/quality.hpp"
#include "hosts/homectl/output/report.hpp"

namespace hearth::homectl {

namespace {

constexpr int kTries = 4;
constexpr std::size_t kSuggestions = 3;

void suggest(Terminal& tty) {
    const auto some = secret::suggest_passwords(kSuggestions);
    if (some.empty()) return;
    tty.say("Choose a password. If you want one that nobody guesses, here are some:");
    for (const auto& one : some) tty.show(one);
}

}  // namespace

Dialogue::Dialogue(const PasswordSource& source, std::string user, bool may_ask)
    : source_(source), user_(std::move(user)), may_ask_(may_ask) {}

Result<Terminal*> Dialogue::terminal(const char* variable) {
    if (terminal_) return &*terminal_;
    if (may_ask_) {
        if (auto opened = Terminal::open()) terminal_ = std::move(*opened);
    }
    if (terminal_) return &*terminal_;
    return Error(Code::not_supported, "no-password", "No password of " + user_ + " is given.")
        .why(may_ask_ ? "There is no terminal to ask on." : "--no-ask-password forbids to ask.")
        .hint(std::string("Run homectl on a terminal, or put the password into the variable ") +
              variable + "; it is never taken from the command line.");
}

Result<void> Dialogue::need_existing(bool current) {
    if (existing_.empty() && !source_.existing().empty()) {
        HEARTH_TRY(copy, source_.existing().clone());
        existing_.push_back(std::move(copy));
        return ok();
    }
    HEARTH_TRY(tty, terminal("PASSWORD"));
    const std::string question = (current ? "Current password of " : "Password of ") + user_;
    HEARTH_TRY(typed, tty->ask(question));
    existing_typed_ = true;
    add_existing(std::move(typed));
    return ok();
}

Result<void> Dialogue::need_fresh() {
    if (!fresh_ && !source_.fresh().empty()) {
        HEARTH_TRY(copy, source_.fresh().clone());
        fresh_ = std::move(copy);
        return ok();
    }
    HEARTH_TRY(tty, terminal("NEWPASSWORD"));
    suggest(*tty);
    for (int i = 0; i < kTries; ++i) {
        HEARTH_TRY(first, tty->ask("New password of " + user_));
        if (first.empty()) {
            tty->say("A password cannot be empty.");
            continue;
        }
        HEARTH_TRY(second, tty->ask("New password of " + user_ + " (again)"));
        if (first == second) {
            fresh_ = std::move(first);
            fresh_typed_ = true;
            return ok();
        }
        tty->say("The two are not the same.");
    }
    return Error(Code::invalid_argument, "passwords-differ",
                 "The new password was not typed the same way twice.")
        .hint("Start again, and type slowly.");
}

Result<void> Dialogue::need_recovery_key() {
    HEARTH_TRY(tty, terminal("PASSWORD"));
    HEARTH_TRY(typed, tty->ask("Recovery key of " + user_));
    existing_typed_ = true;
    add_existing(std::move(typed));
    return ok();
}

bool Dialogue::can_ask() {
    return terminal("PASSWORD").has_value();
}

/// One that came from the environment is tried once; whoever typed a wrong one may type again.
Result<bool> Dialogue::help_pin(const Error& error) {
    if (!pin_ && !source_.pin().empty()) {
        HEARTH_TRY(copy, source_.pin().clone());
        pin_ = std::move(copy);
        return true;
    }
    if (!can_ask()) return false;
    if (error.code() != Code::need_pin) say(error.what());
    HEARTH_TRY(typed, terminal_->ask("PIN of the security token of " + user_));
    pin_ = std::move(typed);
    return true;
}

/// Somebody has to be there to hear it.
Result<bool> Dialogue::permit(std::uint64_t permission, const std::string& request) {
    if ((permissions_ & permission) != 0) return false;
    if (can_ask())
        say(request);
    else
        notice(request);
    permissions_ |= permission;
    return true;
}

Result<bool> Dialogue::help_token(const Error& error) {
    switch (error.code()) {
        case Code::need_pin:
        case Code::bad_pin:
        case Code::bad_pin_few_left:
        case Code::bad_pin_one_left:
            return help_pin(error);
        case Code::need_presence:
            return permit(HEARTH_PERMIT_USER_PRESENCE,
                          "Touch the security token of " + user_ + " when it blinks.");
        case Code::need_verification:
            return permit(HEARTH_PERMIT_USER_VERIFICATION,
                          "Let the security token of " + user_ + " recognize you.");
        case Code::need_protected_path:
            return permit(HEARTH_PERMIT_PROTECTED_PATH,
                          "Type the PIN of " + user_ + " on the security token itself.");
        default:
            return false;
    }
}

Result<secret::Secrets> Dialogue::token_secrets() const {
    secret::Secrets out;
    out.permissions = permissions_;
    if (!pin_) return out;
    HEARTH_TRY(copy, pin_->clone());
    out.pins.push_back(std::move(copy));
    return out;
}

void Dialogue::add_existing(secret::Secret password) {
    existing_.insert(existing_.begin(), std::move(password));
}

void Dialogue::say(const std::string& text) {
    if (terminal_) terminal_->say(text);
}

}  // namespace hearth::homectl
