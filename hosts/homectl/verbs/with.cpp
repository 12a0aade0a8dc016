// SPDX-License-Identifier: LGPL-2.1-or-later
#include <pwd.h>
#include <unistd.h>

#include "hosts/homectl/output/report.hpp"
#include "hosts/homectl/run/authenticated.hpp"
#include "hosts/homectl/run/command.hpp"
#include "hosts/homectl/run/operation.hpp"
#include "hosts/homectl/verbs/each.hpp"

namespace hearth::homectl {

namespace {

std::string own_shell() {
    const passwd* const entry = getpwuid(getuid());
    return entry == nullptr || entry->pw_shell == nullptr || *entry->pw_shell == '\0'
               ? "/bin/sh"
               : entry->pw_shell;
}

std::vector<std::string> command_of(const Context& context) {
    std::vector<std::string> command(context.arguments().begin() + 1, context.arguments().end());
    if (command.empty()) command.push_back(own_shell());
    return command;
}

/// Closes the home behind the command. That somebody else uses it by now is no failure of ours.
void close_home(const Context& context, const std::string& user) {
    const auto closed = run_operation(context, plain_request("deactivate", user));
    if (closed) return;
    if (closed.error().code() == Code::home_busy || closed.error().code() == Code::home_in_use)
        notice("The home of " + user + " stays active: others still use it. " +
               closed.error().why());
    else
        report(closed.error());
}

}  // namespace

Result<ExitStatus> run_with(Context& context) {
    HEARTH_TRY(machine, home::read_machine(context.root));
    HEARTH_TRY(record, find_record(context, context.arguments()[0]));
    HEARTH_CHECK(require_unlocked(context, record));
    const std::string& user = record.user_name();
    HEARTH_TRY(before, state_now(context, record));
    const bool opens = before != home::State::active;
    if (opens) {
        HEARTH_TRY(reply,
                   open_and_run(context, record, [&] { return plain_request("activate", user); }));
        // The record inside the home may be newer, and is what says where the home is.
        if (reply.record) record = reply.record->clone();
    }
    const std::string folder =
        context.root.path(record::Effective(record, machine).home_directory());
    const Result<int> status = run_command(command_of(context), folder);
    if (opens) close_home(context, user);
    return status;
}

}  // namespace hearth::homectl
