// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/program.hpp"

#include <cerrno>
#include <cstdio>
#include <exception>
#include <string>

#include "core/client/open.hpp"
#include "hosts/homectl/options/parser.hpp"
#include "hosts/homectl/output/help.hpp"
#include "hosts/homectl/output/report.hpp"
#include "hosts/homectl/output/style.hpp"
#include "hosts/homectl/passwords/source.hpp"
#include "hosts/homectl/plugins/plugin_options.hpp"
#include "hosts/homectl/run/operation.hpp"
#include "hosts/homectl/verbs/verb.hpp"

namespace hearth::homectl {

namespace {

void print_values(const std::string& option) {
    print(option == "json" ? "pretty\nshort\noff\n" : "full\nstripped\nminimal\n");
}

/// What is asked of homectl itself, before any verb: nothing if it is none of these.
std::optional<ExitStatus> answer_at_once(const Invocation& invocation, const OptionSet& options) {
    const Settings& settings = invocation.settings;
    if (settings.version) {
        print("homectl (Hearth) " HEARTH_VERSION "\n");
    } else if (!settings.list_values_of.empty()) {
        print_values(settings.list_values_of);
    } else if (settings.help && invocation.verb.empty()) {
        print(help_text(options));
    } else {
        return std::nullopt;
    }
    return 0;
}

Result<ExitStatus> run_verb(const Invocation& invocation, const OptionSet& options,
                            PasswordSource& passwords) {
    HEARTH_TRY(verb, find_verb(invocation.verb.empty() ? "list" : invocation.verb));
    if (invocation.settings.help) {
        print(verb_help_text(*verb, options));
        return 0;
    }
    HEARTH_CHECK(check_usage(*verb, invocation));
    const home::Root root(invocation.settings.root);
    Context context{invocation, root, options, passwords};
    if (!verb->uses_homes) return verb->run(context);
    HEARTH_TRY(homes, client::open_homes(root, invocation.settings.ask_password));
    context.known_homes = homes.get();
    recover_first(context);
    return verb->run(context);
}

/// Plugins are looked at only for an option that homectl itself does not know, and for help.
Result<Invocation> parse_line(const std::vector<char*>& argv, OptionSet& options) {
    Result<Invocation> invocation = parse_command_line(argv, options);
    const bool asks_help = invocation && (invocation->settings.help || invocation->verb == "help");
    const bool unknown = !invocation && invocation.error().id() == "option-unknown";
    if (!asks_help && !unknown) return invocation;
    options.add(plugin_options());
    return parse_command_line(argv, options);
}

Result<ExitStatus> run_line(const std::vector<char*>& argv) {
    PasswordSource passwords;
    OptionSet options;
    HEARTH_TRY(invocation, parse_line(argv, options));
    if (const auto status = answer_at_once(invocation, options)) return *status;
    return run_verb(invocation, options, passwords);
}

/// Output that could not be written is a failure: a disk that is full must not look like success.
int finish(int status) {
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
    report(Error(Code::io, "output-failed", "The output could not be written.").sys(errno));
    return status == 0 ? 1 : status;
}

}  // namespace

int run_program(const std::vector<char*>& argv) noexcept {
    try {
        const Result<ExitStatus> status = run_line(argv);
        if (!status) report(status.error());
        return finish(status ? *status : 1);
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "homectl: An internal error: %s\n  [internal]\n", failure.what());
        return 1;
    }
}

}  // namespace hearth::homectl
