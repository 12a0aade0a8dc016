// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/output/inspect.hpp"

#include <string>

#include "core/home/store.hpp"
#include "core/record/key_store.hpp"
#include "hosts/homectl/options/units.hpp"
#include "hosts/homectl/output/record_json.hpp"
#include "hosts/homectl/output/report.hpp"
#include "hosts/homectl/plugins/storages.hpp"
#include "hosts/homectl/verbs/own_user.hpp"
#include "hosts/homectl/verbs/verb.hpp"

namespace hearth::homectl {

namespace {

/// Did this machine's own key sign it? Nothing if the keys cannot be read.
std::optional<bool> is_signed_here(const record::UserRecord& record, const home::Root& root) {
    const auto keys = record::KeyStore::open(root.key_dirs(), root.state_dir());
    if (!keys) return std::nullopt;
    const auto trust = keys->verify(record);
    return trust && (*trust == record::Trust::exclusive || *trust == record::Trust::shared);
}

Result<void> inspect_one(Context& context, const home::Store& store, const record::Machine& machine,
                         const std::string& name) {
    const Settings& settings = context.settings();
    HEARTH_TRY(record, store.find(name, machine));
    if (settings.json != JsonMode::off) {
        print_json(record_json(record, settings.json, settings.format));
        return ok();
    }
    const record::Effective effective(record, machine);
    Home home{record, effective, home::state_of(effective, context.root), now_usec(), {}, {}};
    home.local_signature = is_signed_here(record, context.root);
    if (const auto storage = effective.text("storage")) home.encrypted = storage_encrypts(*storage);
    print(inspect_text(home, stdout_has_colours()));
    return ok();
}

}  // namespace

Result<ExitStatus> run_inspect(Context& context) {
    HEARTH_TRY(machine, home::read_machine(context.root));
    HEARTH_TRY(store, home::Store::open(context.root));
    HEARTH_TRY(names, users_or_own(context));
    ExitStatus status = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0 && context.settings().json == JsonMode::off) print("\n");
        if (auto done = inspect_one(context, store, machine, names[i]); !done) {
            report(done.error());
            status = 1;
        }
    }
    return status;
}

}  // namespace hearth::homectl
