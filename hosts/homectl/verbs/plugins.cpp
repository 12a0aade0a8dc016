// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/output/record_json.hpp"
#include "hosts/homectl/output/report.hpp"
#include "hosts/homectl/output/table.hpp"
#include "hosts/homectl/output/text.hpp"
#include "hosts/homectl/plugins/storages.hpp"
#include "hosts/homectl/verbs/verb.hpp"

namespace hearth::homectl {

namespace {

using record::Value;

Texts kinds_of(const plugin::Manifest& manifest) {
    Texts kinds;
    if (!manifest.storage.empty()) kinds.emplace_back("storage");
    if (!manifest.auth.empty()) kinds.emplace_back("authentication");
    return kinds;
}

Texts provided_by(const plugin::Manifest& manifest) {
    Texts names;
    for (const auto& storage : manifest.storage) names.push_back(storage.name);
    for (const auto& auth : manifest.auth) names.push_back(auth.name);
    return names;
}

/// A plugin that was refused before its manifest could be read has only its file's name; a folder,
/// its path.
std::string name_of(const plugin::Registry::Entry& entry) {
    if (entry.manifest && !entry.manifest->id.empty()) return entry.manifest->id;
    return entry.file_name.empty() ? entry.path : entry.file_name;
}

std::vector<Cell> row_of(const plugin::Registry::Entry& entry, bool json) {
    const plugin::Manifest manifest = entry.manifest.value_or(plugin::Manifest{});
    const auto text = [](const std::string& t) { return t.empty() ? Value() : Value(t); };
    const auto list = [](const Texts& l) { return l.empty() ? Value() : Value(l); };
    std::vector<Cell> row = {{Value(name_of(entry))},
                             {list(kinds_of(manifest))},
                             {list(provided_by(manifest))},
                             {text(manifest.version)},
                             {text(manifest.license)},
                             {Value(entry.usable() ? "ready" : "refused"),
                              entry.usable() ? Colour::green : Colour::red}};
    if (!json) return row;
    row.push_back({Value(entry.path)});
    row.push_back({Value(entry.builtin)});
    row.push_back({entry.refused ? Value(entry.refused->id()) : Value()});
    row.push_back({entry.refused ? Value(entry.refused->one_line()) : Value()});
    return row;
}

std::vector<Table::Column> columns(bool json) {
    std::vector<Table::Column> out = {{"NAME", "name"},         {"KIND", "kind"},
                                      {"PROVIDES", "provides"}, {"VERSION", "version"},
                                      {"LICENSE", "license"},   {"STATE", "state"}};
    if (!json) return out;
    for (const char* key : {"path", "builtin", "refused", "reason"}) out.push_back({"", key});
    return out;
}

void print_refusals(const plugin::Registry& registry) {
    for (const auto& entry : registry.entries()) {
        if (!entry.refused) continue;
        std::string line =
            "\n" + clean(entry.path) + " is refused [" + clean(entry.refused->id()) + "]\n";
        line += "  " + clean(entry.refused->one_line()) + "\n";
        if (!entry.refused->hint().empty()) line += "  " + clean(entry.refused->hint()) + "\n";
        print(line);
    }
}

}  // namespace

Result<ExitStatus> run_plugins(Context& context) {
    const Settings& settings = context.settings();
    const bool json = settings.json != JsonMode::off;
    const plugin::Registry& registry = installed_plugins();
    Table table(columns(json));
    for (const auto& entry : registry.entries()) table.add(row_of(entry, json));
    if (json) {
        print_json(table.json(settings.json));
        return 0;
    }
    if (table.size() > 0) print(table.text(settings.legend, stdout_has_colours()));
    print_refusals(registry);
    if (!settings.legend) return 0;
    const std::string count = std::to_string(table.size());
    print(table.size() == 0   ? "No plugins are installed.\n"
          : table.size() == 1 ? "\n1 plugin listed.\n"
                              : "\n" + count + " plugins listed.\n");
    return 0;
}

}  // namespace hearth::homectl
