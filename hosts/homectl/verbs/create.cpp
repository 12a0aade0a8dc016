// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/home/uid.hpp"
#include "core/record/effective.hpp"
#include "hosts/homectl/options/file_text.hpp"
#include "hosts/homectl/options/units.hpp"
#include "hosts/homectl/output/report.hpp"
#include "hosts/homectl/plugins/storages.hpp"
#include "hosts/homectl/records/blob_files.hpp"
#include "hosts/homectl/records/build.hpp"
#include "hosts/homectl/run/authenticated.hpp"
#include "hosts/homectl/run/success.hpp"
#include "hosts/homectl/tokens/new_keys.hpp"
#include "hosts/homectl/verbs/verb.hpp"

namespace hearth::homectl {

namespace {

/// Finds out before anybody types a password. The worker finds out again under its lock, and soon
/// enough for everybody else: asking the name service and reading manifests takes a millisecond.
Result<void> check_free(const Context& context, const std::string& user) {
    if (const auto there = context.homes().find(user);
        there || there.error().id() != "home-unknown")
        return Error(Code::home_exists, "home-exists", "There is already a home of " + user + ".")
            .hint("Choose another name, or change the home with: homectl update " + user);
    return home::check_name_free(user);
}

Result<std::optional<std::string>> source_text(const Settings& settings) {
    if (!settings.identity) return std::optional<std::string>();
    HEARTH_TRY(text, read_text_file(*settings.identity, "identity"));
    return std::optional(std::move(text));
}

/// A password that came with the record is the new one if nothing is hashed yet, or else has to
/// match what is.
Wanted take_passwords(Dialogue& dialogue, NewRecord& fresh) {
    const bool hashed = !fresh.record.hashed_passwords().empty();
    for (secret::Secret& password : fresh.passwords) {
        if (hashed)
            dialogue.add_existing(std::move(password));
        else
            dialogue.set_fresh(std::move(password));
    }
    return hashed ? Wanted{true, false} : Wanted{false, true};
}

}  // namespace

Result<ExitStatus> run_create(Context& context) {
    if (list_devices_instead(context.invocation.changes.tokens())) return show_devices(context);
    if (context.settings().many) return run_create_many(context);
    HEARTH_TRY(source, source_text(context.settings()));
    HEARTH_TRY(machine, home::read_machine(context.root));
    HEARTH_TRY(fresh, build_new_record(context.invocation, source, machine, now_usec()));
    const std::string user = fresh.record.user_name();
    if (context.passwords.fresh().empty()) {
        HEARTH_CHECK(check_free(context, user));
        HEARTH_CHECK(check_storage(record::Effective(fresh.record, machine).text("storage")));
    }

    HEARTH_TRY(files,
               open_blob_files(context.invocation.changes.blobs(), nullptr, machine, context.root));
    Dialogue dialogue(context.passwords, user, context.settings().ask_password);
    Wanted wanted = take_passwords(dialogue, fresh);
    HEARTH_TRY(keys,
               make_new_keys(fresh.record, machine, context.invocation.changes.tokens(), dialogue));
    wanted.tokens = !fresh.record.hashed_passwords().empty();
    HEARTH_TRY(reply,
               run_authenticated(context, dialogue, wanted, [&]() -> Result<worker::Request> {
                   worker::Request request;
                   request.verb = "create";
                   request.subject = user;
                   request.record = fresh.record.clone();
                   HEARTH_CHECK(keys.fill(request));
                   HEARTH_TRY(copies, copy_blob_files(files));
                   request.blobs = std::move(copies);
                   return request;
               }));
    HEARTH_CHECK(keys.show(user));
    if (reply.record)
        say_done("Created the home of " + user + created_details(*reply.record, machine) + ".");
    return 0;
}

}  // namespace hearth::homectl
