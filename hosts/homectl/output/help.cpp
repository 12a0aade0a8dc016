// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/output/help.hpp"

#include <array>

#include "hosts/homectl/options/general.hpp"
#include "hosts/homectl/output/text.hpp"

namespace hearth::homectl {

namespace {

constexpr std::size_t kColumn = 38;

struct GroupTitle {
    Group group;
    std::string_view title;
};

constexpr std::array kGroups = {
    GroupTitle{Group::person, "The person"},
    GroupTitle{Group::account, "The account"},
    GroupTitle{Group::environment, "Environment"},
    GroupTitle{Group::security, "Authentication"},
    GroupTitle{Group::limits, "Limits"},
    GroupTitle{Group::storage, "Storage"},
    GroupTitle{Group::plugin, "Storage, from installed plugins"},
    GroupTitle{Group::luks, "LUKS storage"},
    GroupTitle{Group::mount, "Mounting"},
    GroupTitle{Group::cifs, "CIFS storage"},
    GroupTitle{Group::session, "Sessions"},
};

std::string line_of(const std::string& left, std::string_view help) {
    const std::size_t width = cell_width(left);
    const std::string gap =
        width + 1 < kColumn ? std::string(kColumn - width, ' ') : "\n" + std::string(kColumn, ' ');
    return left + gap + std::string(help) + "\n";
}

std::string option_line(std::string_view name, char letter, std::string_view metavar,
                        std::string_view help) {
    std::string left = letter != 0 ? "  -" + std::string(1, letter) : "    ";
    left += letter != 0 && !name.empty() ? " " : "";
    left += name.empty() ? "" : (letter != 0 ? "" : " ") + ("--" + std::string(name));
    if (metavar.starts_with('['))
        left += "[=" + std::string(metavar.substr(1));
    else if (!metavar.empty())
        left += (name.empty() ? " " : "=") + std::string(metavar);
    return line_of(left, help);
}

std::string verb_lines() {
    std::string out = "Verbs:\n";
    for (const Verb& verb : verbs()) {
        if (verb.run == nullptr || verb.hidden) continue;
        std::string left = "  " + std::string(verb.name);
        if (!verb.arguments.empty()) left += " " + std::string(verb.arguments);
        out += line_of(left, verb.help);
    }
    return out;
}

std::string general_lines() {
    std::string out = "\nGeneral options:\n";
    for (const GeneralOption& option : general_options())
        if (option.apply != nullptr && !option.hidden)
            out += option_line(option.name, option.letter, option.metavar, option.help);
    return out;
}

std::string record_lines(const OptionSet& options) {
    std::string out;
    for (const auto& [group, title] : kGroups) {
        std::string lines;
        for (const Option* option : options.all())
            if (option->group == group && !option->hidden)
                lines += option_line(option->name, option->letter, option->kind->metavar,
                                     clean(option->help));
        if (!lines.empty()) out += "\n" + std::string(title) + ":\n" + lines;
    }
    return out;
}

constexpr std::string_view kChangesNote =
    "\nAn empty argument (--location=) takes the field out of the record.\n"
    "Passwords are asked for, or come from the variables PASSWORD and NEWPASSWORD.\n";

}  // namespace

std::string help_text(const OptionSet& options) {
    return "homectl [OPTIONS...] VERB ...\n\nCreate, change, open and close home directories.\n\n" +
           verb_lines() + general_lines() + record_lines(options) + std::string(kChangesNote);
}

std::string verb_help_text(const Verb& verb, const OptionSet& options) {
    std::string out = "homectl [OPTIONS...] " + std::string(verb.name);
    if (!verb.arguments.empty()) out += " " + std::string(verb.arguments);
    out += "\n\n" + std::string(verb.help) + ".\n" + general_lines();
    if (verb.takes_changes) out += record_lines(options) + std::string(kChangesNote);
    return out;
}

}  // namespace hearth::homectl
