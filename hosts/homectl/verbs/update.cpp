// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/effective.hpp"
#include "hosts/homectl/options/file_text.hpp"
#include "hosts/homectl/options/units.hpp"
#include "hosts/homectl/records/blob_files.hpp"
#include "hosts/homectl/records/build.hpp"
#include "hosts/homectl/run/authenticated.hpp"
#include "hosts/homectl/run/success.hpp"
#include "hosts/homectl/tokens/new_keys.hpp"
#include "hosts/homectl/verbs/each.hpp"
#include "hosts/homectl/verbs/own_user.hpp"

namespace hearth::homectl {

namespace {

/// The argument, or the user of the record from outside, or the caller.
Result<std::string> user_to_update(const Context& context,
                                   const std::optional<std::string>& source) {
    if (!context.arguments().empty()) return context.arguments()[0];
    if (!source) return own_user();
    HEARTH_TRY(record, record::UserRecord::parse(*source));
    return record.identity();
}

/// What somebody may not see they would drop from the record.
Error incomplete(const std::string& user) {
    return Error(Code::permission, "record-incomplete",
                 "The record of " + user + " cannot be changed by you.")
        .why("Parts of it are for root and its owner alone.")
        .hint("Run it as root, with sudo for example.");
}

/// Does the new record name another size for this machine? A home without one keeps what it has.
bool asks_for_size(const record::UserRecord& current, const record::UserRecord& next,
                   const record::Machine& machine) {
    const record::Effective before(current, machine);
    const record::Effective after(next, machine);
    for (const char* field : {"diskSize", "diskSizeRelative"}) {
        const auto wanted = after.number(field);
        if (wanted && wanted != before.number(field)) return true;
    }
    return false;
}

}  // namespace

Result<ExitStatus> run_update(Context& context) {
    const TokenChanges& tokens = context.invocation.changes.tokens();
    if (list_devices_instead(tokens)) return show_devices(context);
    std::optional<std::string> source;
    if (context.settings().identity) {
        HEARTH_TRY(text, read_text_file(*context.settings().identity, "identity"));
        source = std::move(text);
    }
    HEARTH_TRY(machine, home::read_machine(context.root));
    HEARTH_TRY(user, user_to_update(context, source));
    HEARTH_TRY(known, find_unlocked(context, user));
    if (known.incomplete && !source) return incomplete(user);
    const record::UserRecord& current = known.record;
    if (list_tokens_instead(tokens)) return show_tokens(current);
    HEARTH_TRY(next,
               build_updated_record(context.invocation, source, current, machine, now_usec()));
    const std::string& name = current.user_name();
    Dialogue dialogue(context.passwords, name, context.settings().ask_password);
    HEARTH_TRY(files, open_blob_files(context.invocation.changes.blobs(), &current, machine,
                                      context.root));
    const bool offline = context.settings().offline;
    const Wanted wanted = offline ? Wanted{} : wanted_for(known, false);
    HEARTH_TRY(keys, make_new_keys(next, machine, tokens, dialogue));
    HEARTH_TRY(reply,
               run_authenticated(context, dialogue, wanted, [&]() -> Result<worker::Request> {
                   worker::Request request;
                   request.verb = "update";
                   request.subject = name;
                   request.record = next.clone();
                   HEARTH_CHECK(keys.fill(request));
                   request.offline = offline;
                   HEARTH_TRY(copies, copy_blob_files(files));
                   request.blobs = std::move(copies);
                   return request;
               }));
    (void)reply;
    HEARTH_CHECK(keys.show(name));
    if (!offline && asks_for_size(current, next, machine)) {
        // With the passwords that are known by now; the size is the one that the record names.
        HEARTH_TRY(resized, run_authenticated(context, dialogue, wanted, [&] {
                       worker::Request request;
                       request.verb = "resize";
                       request.subject = name;
                       return request;
                   }));
        (void)resized;
    }
    say_done("Updated the home of " + current.user_name() + ".");
    return 0;
}

}  // namespace hearth::homectl
