// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/passwords/dialogue.hpp"

#include <utility>

namespace hearth::homectl {

namespace {
constexpr int kTries = 4;
}

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

void Dialogue::add_existing(secret::Secret password) {
    existing_.insert(existing_.begin(), std::move(password));
}

void Dialogue::say(const std::string& text) {
    if (terminal_) terminal_->say(text);
}

}  // namespace hearth::homectl
