// SPDX-License-Identifier: LGPL-2.1-or-later
#include <csignal>

#include "hosts/homectl/many/creation.hpp"
#include "hosts/homectl/output/report.hpp"
#include "hosts/homectl/records/blob_files.hpp"
#include "hosts/homectl/run/cancel_signals.hpp"
#include "hosts/homectl/verbs/verb.hpp"

namespace hearth::homectl {

namespace {

Result<PasswordList> read_passwords(const Settings& settings) {
    if (!settings.passwords) return PasswordList();
    return PasswordList::read(*settings.passwords);
}

}  // namespace

Result<ExitStatus> run_create_many(Context& context) {
    const Settings& settings = context.settings();
    HEARTH_TRY(machine, home::read_machine(context.root));
    HEARTH_TRY(source, RecordSource::open(*settings.many));
    HEARTH_TRY(passwords, read_passwords(settings));
    HEARTH_TRY(files,
               open_blob_files(context.invocation.changes.blobs(), nullptr, machine, context.root));
    // Who reads what we print may go; the homes are made all the same.
    std::signal(SIGPIPE, SIG_IGN);
    const CancelSignals signals;
    Outcomes outcomes(settings, machine, signals.fd());
    Creation creation(context, machine, source, std::move(passwords), files, outcomes);
    const auto done = context.homes().run_batch(creation, outcomes);
    const bool all_well = outcomes.finish();
    if (const auto problem = source.take_problem()) return *problem;
    HEARTH_CHECK(done);
    return all_well ? 0 : 1;
}

}  // namespace hearth::homectl
