// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/verbs/verb.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "hosts/homectl/output/text.hpp"

namespace hearth::homectl {

namespace {

constexpr std::size_t kMany = kManyArguments;

constexpr std::array kVerbs = {
    Verb{.name = "list", .help = "List homes", .run = run_list},
    Verb{.name = "inspect",
         .arguments = "[USER|UID...]",
         .help = "Show all about a home",
         .run = run_inspect,
         .most = kMany},
    Verb{.name = "create",
         .arguments = "[USER]",
         .help = "Create a home",
         .run = run_create,
         .most = 1,
         .takes_changes = true},
    Verb{.name = "update",
         .arguments = "[USER]",
         .help = "Change a home",
         .run = run_update,
         .most = 1,
         .takes_changes = true},
    Verb{.name = "passwd",
         .arguments = "[USER]",
         .help = "Change the password of a home",
         .run = run_passwd,
         .most = 1},
    Verb{.name = "resize",
         .arguments = "USER [BYTES|min|max]",
         .help = "Change the size of a home",
         .run = run_resize,
         .least = 1,
         .most = 2},
    Verb{.name = "remove",
         .arguments = "USER...",
         .help = "Delete a home and all that is in it",
         .run = run_remove,
         .least = 1,
         .most = kMany},
    Verb{.name = "activate",
         .arguments = "USER...",
         .help = "Open a home",
         .run = run_activate,
         .least = 1,
         .most = kMany},
    Verb{.name = "deactivate",
         .arguments = "USER...",
         .help = "Close a home",
         .run = run_deactivate,
         .least = 1,
         .most = kMany},
    Verb{.name = "deactivate-all", .help = "Close all homes", .run = run_deactivate_all},
    Verb{.name = "lock",
         .arguments = "USER...",
         .help = "Take the key of an open home away",
         .run = run_lock,
         .least = 1,
         .most = kMany},
    Verb{.name = "unlock",
         .arguments = "USER...",
         .help = "Give a locked home its key back",
         .run = run_unlock,
         .least = 1,
         .most = kMany},
    Verb{.name = "lock-all", .help = "Lock all open homes that can be", .run = run_lock_all},
    Verb{.name = "rebalance", .help = "Divide the disk among the open homes", .run = run_rebalance},
    Verb{.name = "with",
         .arguments = "USER [-- COMMAND...]",
         .help = "Run a command with the home open",
         .run = run_with,
         .least = 1,
         .most = kMany},
    Verb{.name = "authenticate",
         .arguments = "[USER...]",
         .help = "Check the password of a home",
         .run = run_authenticate,
         .most = kMany},
    Verb{.name = "repair",
         .arguments = "USER...",
         .help = "Mend a home that is damaged",
         .run = run_repair,
         .least = 1,
         .most = kMany},
    Verb{.name = "adopt",
         .arguments = "PATH...",
         .help = "Take over a home from another computer",
         .run = run_adopt,
         .least = 1,
         .most = kMany},
    Verb{.name = "register",
         .arguments = "[FILE...]",
         .help = "Make a home known here by its record alone",
         .run = run_register,
         .most = kMany},
    Verb{.name = "unregister",
         .arguments = "USER...",
         .help = "Forget a home, and leave its files",
         .run = run_unregister,
         .least = 1,
         .most = kMany},
    Verb{.name = "list-signing-keys",
         .help = "List the keys whose homes are accepted",
         .run = run_list_signing_keys},
    Verb{.name = "get-signing-key",
         .arguments = "[NAME...]",
         .help = "Show such a key, this machine's own by itself",
         .run = run_get_signing_key,
         .most = kMany},
    Verb{.name = "add-signing-key",
         .arguments = "[FILE...]",
         .help = "Accept the homes of another key",
         .run = run_add_signing_key,
         .most = kMany},
    Verb{.name = "remove-signing-key",
         .arguments = "NAME...",
         .help = "Accept the homes of a key no more",
         .run = run_remove_signing_key,
         .least = 1,
         .most = kMany},
    Verb{.name = "metrics",
         .help = "Show what the service has counted, as OpenMetrics",
         .run = run_metrics},
    Verb{.name = "plugins",
         .help = "List what stores and what opens homes here",
         .run = run_plugins,
         .uses_homes = false},
    Verb{.name = "help",
         .arguments = "[VERB]",
         .help = "Show this help, or that of a verb",
         .run = run_help,
         .most = 1,
         .uses_homes = false},
    Verb{.name = "firstboot", .help = "Set up the first user"},
};

/// Words of other tools and of articles for what a verb here does.
struct Habit {
    std::string_view word;
    std::string_view verb;
};

constexpr std::array kHabits = {
    Habit{"new", "create"},        Habit{"add", "create"},      Habit{"useradd", "create"},
    Habit{"adduser", "create"},    Habit{"modify", "update"},   Habit{"change", "update"},
    Habit{"edit", "update"},       Habit{"set", "update"},      Habit{"delete", "remove"},
    Habit{"rm", "remove"},         Habit{"del", "remove"},      Habit{"show", "inspect"},
    Habit{"info", "inspect"},      Habit{"status", "inspect"},  Habit{"ls", "list"},
    Habit{"open", "activate"},     Habit{"mount", "activate"},  Habit{"close", "deactivate"},
    Habit{"umount", "deactivate"}, Habit{"password", "passwd"}, Habit{"exec", "with"},
    Habit{"run", "with"},          Habit{"import", "adopt"},    Habit{"login", "authenticate"},
    Habit{"fsck", "repair"},       Habit{"check", "repair"},
};

std::string_view nearest_verb(std::string_view word) {
    const auto* habit = std::find_if(kHabits.begin(), kHabits.end(),
                                     [&](const Habit& h) { return h.word == word; });
    if (habit != kHabits.end()) return habit->verb;
    std::string_view best;
    std::size_t least = word.size() / 3 + 2;
    for (const Verb& verb : kVerbs) {
        const std::size_t distance = edit_distance(word, verb.name);
        if (distance >= least) continue;
        least = distance;
        best = verb.name;
    }
    return best;
}

Error unknown(std::string_view name) {
    const std::string_view near = nearest_verb(name);
    return Error(Code::invalid_argument, "verb-unknown",
                 "There is no verb \"" + clean(name) + "\".")
        .hint(near.empty() ? "\"homectl help\" lists all verbs."
                           : "Type \"homectl " + std::string(near) +
                                 "\" instead; \"homectl help\" lists all verbs.");
}

Error not_available(const Verb& verb) {
    std::string there;
    for (const Verb& other : kVerbs)
        if (other.run != nullptr) there += (there.empty() ? "" : ", ") + std::string(other.name);
    return Error(Code::not_supported, "verb-not-available",
                 "The verb \"" + std::string(verb.name) + "\" is not in this version of Hearth.")
        .why("systemd-homed has it.")
        .hint("There are: " + there + ".");
}

std::string usage(const Verb& verb) {
    const std::string words = verb.arguments.empty() ? "" : " " + std::string(verb.arguments);
    return "Usage: homectl " + std::string(verb.name) + words;
}

}  // namespace

std::span<const Verb> verbs() {
    return kVerbs;
}

Result<const Verb*> find_verb(std::string_view name) {
    const auto* found =
        std::find_if(kVerbs.begin(), kVerbs.end(), [&](const Verb& v) { return v.name == name; });
    if (found == kVerbs.end()) return unknown(name);
    if (found->run == nullptr) return not_available(*found);
    return found;
}

namespace {

Error not_for_verb(const std::string& option, const std::string& name, std::string why) {
    return Error(Code::invalid_argument, "option-not-for-verb",
                 "The option " + option + " does not go with " + name + ".")
        .why(std::move(why));
}

Result<void> check_many(const Verb& verb, const Invocation& invocation, const std::string& name) {
    const Settings& settings = invocation.settings;
    const char* const option = settings.many ? "--many" : settings.passwords ? "--passwords" : "";
    if (*option == '\0') return ok();
    if (verb.run != run_create)
        return not_for_verb(option, name, "It is for many homes that are to be made.");
    if (!settings.many)
        return not_for_verb(option, "one home alone", "It is for those that --many names.");
    if (settings.identity)
        return not_for_verb("--identity", "--many", "Each of the records is there already.");
    if (invocation.changes.tokens().adds())
        return not_for_verb(invocation.first_change, "--many",
                            "Security tokens and recovery keys are made for one home at a time.");
    if (settings.many == "-" && settings.passwords == "-")
        return not_for_verb("--passwords=-", "--many=-", "Standard input can be but one of them.");
    if (!invocation.arguments.empty())
        return Error(Code::invalid_argument, "argument-needless",
                     "\"" + clean(invocation.arguments[0]) + "\" is too much for --many.")
            .why("The records name their users.");
    return ok();
}

}  // namespace

Result<void> check_usage(const Verb& verb, const Invocation& invocation) {
    const std::size_t count = invocation.arguments.size();
    const std::string name = "\"homectl " + std::string(verb.name) + "\"";
    if (count < verb.least)
        return Error(Code::invalid_argument, "argument-missing", name + " needs to know more.")
            .hint(usage(verb));
    if (count > verb.most)
        return Error(Code::invalid_argument, "argument-needless",
                     "\"" + clean(invocation.arguments[verb.most]) + "\" is too much for " + name +
                         ".")
            .hint(usage(verb));
    if (!invocation.first_change.empty() && !verb.takes_changes)
        return not_for_verb(invocation.first_change, name,
                            "It changes the record of a home, and only \"homectl create\" and "
                            "\"homectl update\" do that.");
    return check_many(verb, invocation, name);
}

}  // namespace hearth::homectl
