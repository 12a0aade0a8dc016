// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/output/report.hpp"
#include "hosts/homectl/run/authenticated.hpp"
#include "hosts/homectl/run/operation.hpp"
#include "hosts/homectl/run/success.hpp"
#include "hosts/homectl/verbs/each.hpp"

namespace hearth::homectl {

namespace {

Result<void> lock_one(const Context& context, const std::string& user) {
    HEARTH_TRY(reply, run_operation(context, plain_request("lock", user)));
    (void)reply;
    say_done("Locked the home of " + user + ".");
    return ok();
}

/// One that can be closed only, and not locked, is no failure of a command that means all.
Result<void> lock_if_possible(const Context& context, const std::string& user) {
    auto locked = lock_one(context, user);
    if (locked || locked.error().id() != "storage-cannot-lock") return locked;
    notice("The home of " + user + " stays open. " + locked.error().why());
    return ok();
}

Result<void> unlock_one(const Context& context, const std::string& name) {
    HEARTH_TRY(record, find_record(context, name));
    HEARTH_TRY(state, state_now(context, record));
    const std::string& user = record.user_name();
    // Not locked, it is told so without a password; the worker has the last word.
    const auto make = [&] { return plain_request("unlock", user); };
    HEARTH_TRY(reply, state == home::State::locked ? open_and_run(context, record, make)
                                                   : run_operation(context, make()));
    (void)reply;
    say_done("Unlocked the home of " + user + ".");
    return ok();
}

}  // namespace

Result<ExitStatus> run_lock(Context& context) {
    return for_each_argument(context.arguments(), [&](const std::string& name) -> Result<void> {
        HEARTH_TRY(record, find_record(context, name));
        return lock_one(context, record.user_name());
    });
}

Result<ExitStatus> run_lock_all(Context& context) {
    HEARTH_TRY(store, home::Store::open(context.root));
    HEARTH_TRY(names, store.names());
    return for_each_argument(names, [&](const std::string& name) -> Result<void> {
        HEARTH_TRY(record, store.load(name));
        HEARTH_TRY(state, state_now(context, record));
        return state == home::State::active ? lock_if_possible(context, name) : ok();
    });
}

Result<ExitStatus> run_unlock(Context& context) {
    return for_each_argument(context.arguments(),
                             [&](const std::string& name) { return unlock_one(context, name); });
}

}  // namespace hearth::homectl
