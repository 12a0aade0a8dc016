// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/output/inspect.hpp"

#include <string>

#include "hosts/homectl/options/units.hpp"
#include "hosts/homectl/output/record_json.hpp"
#include "hosts/homectl/output/report.hpp"
#include "hosts/homectl/plugins/storages.hpp"
#include "hosts/homectl/verbs/own_user.hpp"
#include "hosts/homectl/verbs/verb.hpp"

namespace hearth::homectl {

namespace {

/// The parts that somebody may not see are the same for everybody who may not.
void say_incomplete(const client::Known& known) {
    if (known.incomplete)
        notice("The record of " + known.record.user_name() +
               " has more in it, for root and its owner alone.");
}

Result<void> inspect_one(Context& context, const record::Machine& machine,
                         const std::string& name) {
    const Settings& settings = context.settings();
    HEARTH_TRY(known, context.homes().find(name));
    say_incomplete(known);
    if (settings.json != JsonMode::off) {
        print_json(record_json(known.record, settings.json, settings.format));
        return ok();
    }
    const record::Effective effective(known.record, machine);
    Home home{known.record, effective, known.state, now_usec(), {}, {}, known.incomplete};
    home.local_signature = context.homes().is_signed_here(known);
    if (const auto storage = effective.text("storage")) home.encrypted = storage_encrypts(*storage);
    print(inspect_text(home, stdout_has_colours()));
    return ok();
}

}  // namespace

Result<ExitStatus> run_inspect(Context& context) {
    HEARTH_TRY(machine, home::read_machine(context.root));
    HEARTH_TRY(names, users_or_own(context));
    ExitStatus status = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0 && context.settings().json == JsonMode::off) print("\n");
        if (auto done = inspect_one(context, machine, names[i]); !done) {
            report(done.error());
            status = 1;
        }
    }
    return status;
}

}  // namespace hearth::homectl
