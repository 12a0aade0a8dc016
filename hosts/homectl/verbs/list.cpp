// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/home/state.hpp"
#include "core/home/store.hpp"
#include "hosts/homectl/output/record_json.hpp"
#include "hosts/homectl/output/report.hpp"
#include "hosts/homectl/output/state_colour.hpp"
#include "hosts/homectl/output/table.hpp"
#include "hosts/homectl/verbs/verb.hpp"

namespace hearth::homectl {

namespace {

using record::Value;

Value number_or_none(std::optional<std::uint64_t> number) {
    return number ? Value(*number) : Value();
}

/// A text that the record itself gives; defaults are not shown.
Value own_text(const record::UserRecord& record, std::string_view field) {
    const auto value = record.get(field);
    return value && value->text() ? Value(*value->text()) : Value();
}

std::vector<Cell> row_of(const record::UserRecord& record, const record::Effective& effective,
                         home::State state) {
    return {{Value(record.identity())},
            {number_or_none(effective.number("uid"))},
            {number_or_none(effective.number("gid"))},
            {Value(home::to_text(state)), colour_of(state)},
            {own_text(record, "realName")},
            {Value(effective.home_directory())},
            {Value(effective.shell())}};
}

void print_total(std::size_t count) {
    if (count == 0)
        print("No home areas.\n");
    else
        print("\n" + std::to_string(count) +
              (count == 1 ? " home area listed.\n" : " home areas listed.\n"));
}

}  // namespace

Result<ExitStatus> run_list(Context& context) {
    const Settings& settings = context.settings();
    HEARTH_TRY(store, home::Store::open(context.root));
    HEARTH_TRY(names, store.names());
    Table table({{"NAME", "name"},
                 {"UID", "uid", true},
                 {"GID", "gid", true},
                 {"STATE", "state"},
                 {"REALNAME", "realname"},
                 {"HOME", "home"},
                 {"SHELL", "shell"}});
    ExitStatus status = 0;
    std::optional<record::Machine> machine;
    for (const std::string& name : names) {
        auto record = store.load(name);
        if (!record) {
            // One damaged record must not hide the others.
            report(record.error());
            status = 1;
            continue;
        }
        if (!machine) {
            HEARTH_TRY(found, home::read_machine(context.root));
            machine = std::move(found);
        }
        const record::Effective effective(*record, *machine);
        table.add(row_of(*record, effective, home::state_of(effective, context.root)));
    }
    if (settings.json != JsonMode::off) {
        print_json(table.json(settings.json));
        return status;
    }
    if (table.size() > 0) print(table.text(settings.legend, stdout_has_colours()));
    if (settings.legend) print_total(table.size());
    return status;
}

}  // namespace hearth::homectl
