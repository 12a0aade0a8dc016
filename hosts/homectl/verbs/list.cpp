// SPDX-License-Identifier: LGPL-2.1-or-later
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

std::vector<Cell> row_of(const client::Listing::Row& home) {
    return {{Value(home.name)},
            {number_or_none(home.uid)},
            {number_or_none(home.gid)},
            {Value(home.state), colour_of(home.state)},
            {home.real_name.empty() ? Value() : Value(home.real_name)},
            {Value(home.home_directory)},
            {Value(home.shell)}};
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
    HEARTH_TRY(listing, context.homes().list());
    Table table({{"NAME", "name"},
                 {"UID", "uid", true},
                 {"GID", "gid", true},
                 {"STATE", "state"},
                 {"REALNAME", "realname"},
                 {"HOME", "home"},
                 {"SHELL", "shell"}});
    for (const Error& error : listing.damaged) report(error);
    const ExitStatus status = listing.damaged.empty() ? 0 : 1;
    for (const auto& home : listing.rows) table.add(row_of(home));
    if (settings.json != JsonMode::off) {
        print_json(table.json(settings.json));
        return status;
    }
    if (table.size() > 0) print(table.text(settings.legend, stdout_has_colours()));
    if (settings.legend) print_total(table.size());
    return status;
}

}  // namespace hearth::homectl
