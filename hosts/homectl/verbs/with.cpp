// SPDX-License-Identifier: LGPL-2.1-or-later
#include <pwd.h>
#include <unistd.h>

#include "core/record/effective.hpp"
#include "hosts/homectl/options/units.hpp"
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

/// A variable of systemd's own homectl: the home may be locked while the machine sleeps.
worker::Request request_for(const std::string& user) {
    worker::Request request = worker::plain_request("", user);
    const char* const wish = getenv("SYSTEMD_PLEASE_SUSPEND_HOME");
    request.please_suspend = wish != nullptr && parse_bool(wish).value_or(false);
    return request;
}

/// A home that is open is used without a password if that can be.
Result<client::Use> use_home(const Context& context, const client::Known& known) {
    std::optional<client::Use> use;
    const std::string& user = known.record.user_name();
    const Act acquire = [&](worker::Request request,
                            worker::Observer& observer) -> Result<worker::Reply> {
        HEARTH_TRY(got, context.homes().acquire(std::move(request), observer));
        use = std::move(got);
        return worker::Reply{};
    };
    const Wanted wanted =
        context.homes().opens_without_secret(known) ? Wanted{} : wanted_for(known, false);
    Dialogue dialogue(context.passwords, user, context.settings().ask_password);
    HEARTH_TRY(reply, run_authenticated(
                          context, dialogue, wanted, [&] { return request_for(user); }, acquire));
    (void)reply;
    return *std::move(use);
}

/// Closes the home behind the command. That somebody else uses it by now is no failure of ours.
void end_use(const Context& context, client::Use use) {
    const std::string user = use.record.user_name();
    const auto closed = run_operation(
        context, {},
        [&](const worker::Request&, worker::Observer& observer) -> Result<worker::Reply> {
            HEARTH_CHECK(context.homes().release(std::move(use), observer));
            return worker::Reply{};
        });
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
    HEARTH_TRY(known, find_unlocked(context, context.arguments()[0]));
    HEARTH_TRY(use, use_home(context, known));
    const std::string folder =
        context.root.path(record::Effective(use.record, machine).home_directory());
    const Result<int> status = run_command(command_of(context), folder);
    end_use(context, std::move(use));
    return status;
}

}  // namespace hearth::homectl
