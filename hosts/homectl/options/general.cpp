// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/options/general.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "hosts/homectl/options/kinds.hpp"
#include "hosts/homectl/options/units.hpp"
#include "hosts/homectl/output/text.hpp"

namespace hearth::homectl {

namespace {

Error bad(std::string_view option, std::string_view value, std::string accepts) {
    return Error(
               Code::invalid_argument, "option-bad-value",
               "The option --" + std::string(option) + " does not accept \"" + clean(value) + "\".")
        .why("It takes " + std::move(accepts) + ".");
}

JsonMode json_for_output() {
    return isatty(STDOUT_FILENO) != 0 ? JsonMode::pretty : JsonMode::compact;
}

Result<void> set_json(ParseState& state, std::string_view argument) {
    Settings& settings = state.invocation.settings;
    if (argument == "pretty")
        settings.json = JsonMode::pretty;
    else if (argument == "short")
        settings.json = JsonMode::compact;
    else if (argument == "off")
        settings.json = JsonMode::off;
    else if (argument == "help")
        settings.list_values_of = "json";
    else
        return bad("json", argument, "pretty, short, off or help");
    return ok();
}

Result<void> set_json_short(ParseState& state, std::string_view) {
    state.invocation.settings.json = json_for_output();
    return ok();
}

Result<void> set_format(ParseState& state, std::string_view argument) {
    Settings& settings = state.invocation.settings;
    if (argument == "full")
        settings.format = ExportFormat::full;
    else if (argument == "stripped")
        settings.format = ExportFormat::stripped;
    else if (argument == "minimal")
        settings.format = ExportFormat::minimal;
    else if (argument == "help")
        settings.list_values_of = "export-format";
    else
        return bad("export-format", argument, "full, stripped, minimal or help");
    return ok();
}

Result<void> set_export(ParseState& state, std::string_view) {
    Settings& settings = state.invocation.settings;
    if (++state.exports > 2)
        return Error(Code::invalid_argument, "option-repeated",
                     "The option -E is given more than twice.")
            .why(
                "-E leaves out what belongs to this machine, -EE also the signature; there is no "
                "third step.");
    settings.json = json_for_output();
    settings.format = state.exports == 1 ? ExportFormat::stripped : ExportFormat::minimal;
    return ok();
}

Result<void> set_match(ParseState& state, std::string_view argument) {
    if (argument == "any")
        state.target = Section::regular;
    else if (argument == "this")
        state.target = Section::this_machine;
    else if (argument == "other")
        state.target = Section::other_machines;
    else if (argument == "auto")
        state.target.reset();
    else
        return bad("match", argument, "any, this, other or auto");
    return ok();
}

Result<void> set_seize(ParseState& state, std::string_view argument) {
    const auto flag = parse_bool(argument);
    if (!flag) return bad("seize", argument, std::string(kBool.accepts));
    state.invocation.settings.seize = *flag;
    return ok();
}

Result<void> set_root(ParseState& state, std::string_view argument) {
    std::string path(argument);
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    struct stat info {};
    const bool there =
        is_record_path(path) && stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
    if (!there) return bad("root", argument, "the absolute path of a folder that is there");
    state.invocation.settings.root = path == "/" ? "" : path;
    return ok();
}

Result<void> set_identity(ParseState& state, std::string_view argument) {
    if (argument.empty())
        return bad("identity", argument,
                   "the path of a file with a user record, or - for standard input");
    state.invocation.settings.identity = std::string(argument);
    return ok();
}

Result<void> set_many(ParseState& state, std::string_view argument) {
    if (argument.empty())
        return bad("many", argument,
                   "the path of a file with user records, or - for standard input");
    state.invocation.settings.many = std::string(argument);
    return ok();
}

Result<void> set_passwords(ParseState& state, std::string_view argument) {
    if (argument.empty())
        return bad("passwords", argument,
                   "the path of a file with lines of the form USER:PASSWORD");
    state.invocation.settings.passwords = std::string(argument);
    return ok();
}

Result<void> set_key_name(ParseState& state, std::string_view argument) {
    state.invocation.settings.key_name = std::string(argument);
    return ok();
}

Result<void> no_policy(ParseState& state, std::string_view) {
    state.invocation.changes.set(Section::regular, "enforcePasswordPolicy", false);
    if (state.invocation.first_change.empty()) state.invocation.first_change = "-P";
    return ok();
}

template <bool Settings::*Flag, bool Value>
Result<void> set_flag(ParseState& state, std::string_view) {
    state.invocation.settings.*Flag = Value;
    return ok();
}

Result<void> nothing(ParseState&, std::string_view) {
    return ok();
}

template <char Letter>
Result<void> match_letter(ParseState& state, std::string_view) {
    return set_match(state, Letter == 'A' ? "any" : Letter == 'T' ? "this" : "other");
}

constexpr std::array kTable = {
    GeneralOption{"help", 'h', "", "Show this help, or that of a verb",
                  set_flag<&Settings::help, true>},
    GeneralOption{"version", 0, "", "Show the version", set_flag<&Settings::version, true>},
    GeneralOption{"root", 0, "DIR", "Work on the system in this folder", set_root},
    GeneralOption{"no-legend", 0, "", "No headings and no totals",
                  set_flag<&Settings::legend, false>},
    GeneralOption{"no-pager", 0, "", "Accepted; homectl never starts a pager", nothing},
    GeneralOption{"no-ask-password", 0, "", "Never ask for a password",
                  set_flag<&Settings::ask_password, false>},
    GeneralOption{"verbose", 'v', "", "Show the steps of what is done",
                  set_flag<&Settings::verbose, true>},
    GeneralOption{"json", 0, "MODE", "Print JSON: pretty, short or off", set_json},
    GeneralOption{"", 'j', "", "Print JSON, pretty on a terminal", set_json_short},
    GeneralOption{"export-format", 0, "FORMAT",
                  "What inspect's JSON holds: full, stripped, minimal", set_format},
    GeneralOption{"", 'E', "", "Same as -j --export-format=stripped; twice: minimal", set_export},
    GeneralOption{"identity", 'I', "FILE", "The user record to start from; - is standard input",
                  set_identity},
    GeneralOption{"", 'i', "FILE", "Same as -I", set_identity, true},
    GeneralOption{"many", 0, "FILE", "Create a home for each record in it; - is standard input",
                  set_many},
    GeneralOption{"passwords", 0, "FILE", "Passwords of these: USER:PASSWORD on each line",
                  set_passwords},
    GeneralOption{"seize", 0, "BOOL", "Drop the signatures of that record (create)", set_seize},
    GeneralOption{"match", 0, "WHERE", "Options that follow: any, this, other, auto", set_match},
    GeneralOption{"", 'A', "", "They hold on every machine (--match=any)", match_letter<'A'>},
    GeneralOption{"", 'T', "", "They hold on this machine (--match=this)", match_letter<'T'>},
    GeneralOption{"", 'N', "", "They hold on the others (--match=other)", match_letter<'N'>},
    GeneralOption{"", 'P', "", "Same as --enforce-password-policy=no", no_policy},
    GeneralOption{"offline", 0, "", "Update without the home, which follows when it is opened",
                  set_flag<&Settings::offline, true>},
    GeneralOption{"key-name", 0, "NAME", "What the signing key that is added is called",
                  set_key_name},
    GeneralOption{"host", 'H', "HOST", "Another computer, by SSH", nullptr},
    GeneralOption{"machine", 'M', "CONTAINER", "A container of this computer", nullptr},
    GeneralOption{"prompt-new-user", 0, "", "Ask for a new user at the first boot", nullptr},
    GeneralOption{"prompt-shell", 0, "BOOL", "Ask for the shell as well", nullptr},
    GeneralOption{"prompt-groups", 0, "BOOL", "Ask for the groups as well", nullptr},
    GeneralOption{"chrome", 0, "BOOL", "Draw bars at the first boot", nullptr},
    GeneralOption{"mute-console", 0, "BOOL", "Silence the console at the first boot", nullptr},
};

}  // namespace

std::span<const GeneralOption> general_options() {
    return kTable;
}

}  // namespace hearth::homectl
