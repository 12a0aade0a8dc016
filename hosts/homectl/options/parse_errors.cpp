// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/options/parse_errors.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "hosts/homectl/output/text.hpp"

namespace hearth::homectl {

namespace {

/// getopt_long() leaves the letter of a one-letter option, and for long ones nothing or a number
/// above all letters.
bool is_letter(int letter) {
    return letter > 0 && letter < 0x100;
}

std::string shown(std::string_view word, int letter) {
    if (!is_letter(letter)) return clean(word.substr(0, word.find('=')));
    return "-" + clean(std::string(1, static_cast<char>(letter)));
}

std::vector<std::string_view> all_names(const OptionSet& options) {
    std::vector<std::string_view> names;
    for (const GeneralOption& option : general_options())
        if (!option.name.empty()) names.push_back(option.name);
    for (const Option* option : options.all()) names.push_back(option->name);
    return names;
}

std::vector<std::string_view> with_prefix(std::string_view prefix, const OptionSet& options) {
    std::vector<std::string_view> names = all_names(options);
    std::erase_if(names, [&](std::string_view name) { return !name.starts_with(prefix); });
    return names;
}

std::string_view nearest(std::string_view word, const OptionSet& options) {
    std::string_view best;
    std::size_t least = word.size() / 3 + 2;
    for (const std::string_view name : all_names(options)) {
        const std::size_t distance = edit_distance(word, name);
        if (distance >= least) continue;
        least = distance;
        best = name;
    }
    return best;
}

Error ambiguous(std::string_view word, const std::vector<std::string_view>& names) {
    std::string list;
    for (const std::string_view name : names)
        list += (list.empty() ? "--" : ", --") + std::string(name);
    return Error(Code::invalid_argument, "option-ambiguous",
                 "The option --" + clean(word) + " can mean more than one.")
        .why("It is the beginning of " + list + ".")
        .hint("Type more of it.");
}

}  // namespace

Error missing_argument(std::string_view word, int letter, const OptionSet&) {
    return Error(Code::invalid_argument, "option-missing-argument",
                 "The option " + shown(word, letter) + " needs an argument.")
        .hint("\"homectl help\" shows what each option takes; an empty argument (" +
              std::string(!is_letter(letter) ? shown(word, letter) + "="
                                             : shown(word, letter) + " \"\"") +
              ") drops the field.");
}

Error not_an_option(std::string_view word, int letter, const OptionSet& options) {
    const std::string name = shown(word, letter);
    if (is_letter(letter))
        return Error(Code::invalid_argument, "option-unknown", "There is no option " + name + ".")
            .hint("\"homectl help\" lists all options.");
    const std::string_view bare = word.substr(2, word.find('=') - 2);
    const std::vector<std::string_view> matches = with_prefix(bare, options);
    const bool exact = std::find(matches.begin(), matches.end(), bare) != matches.end();
    if (letter != 0 && (exact || matches.size() == 1))
        return Error(Code::invalid_argument, "option-needless-argument",
                     "The option " + name + " takes no argument.");
    if (matches.size() > 1) return ambiguous(bare, matches);
    const std::string_view near = nearest(bare, options);
    return Error(Code::invalid_argument, "option-unknown", "There is no option " + name + ".")
        .hint(near.empty() ? "\"homectl help\" lists all options; those of a plugin are there once "
                             "it is installed."
                           : "Did you mean --" + std::string(near) + "?");
}

Error general_not_available(const GeneralOption& option) {
    const std::string name =
        option.name.empty() ? "-" + std::string(1, option.letter) : "--" + std::string(option.name);
    return Error(Code::not_supported, "option-not-available",
                 "The option " + name + " is not in this version of Hearth.")
        .why("systemd-homed has it; it needs a service or a verb that is still to come here.")
        .hint("Leave it out; \"homectl help\" lists what there is.");
}

}  // namespace hearth::homectl
