// SPDX-License-Identifier: MIT
#include "options.hpp"

#include <fnmatch.h>
#include <getopt.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

namespace hearth::check {
namespace {

enum : int {
    kList = 256,
    kInProcess,
    kJunit,
    kKeep,
    kRecord,
    kPlace,
    kMayFill,
    kStorage,
    kDevice,
    kPinFile,
    kDeadline,
    kEvery,
    kVersion
};

constexpr std::array kLong = {
    option{"list", no_argument, nullptr, kList},
    option{"filter", required_argument, nullptr, 'f'},
    option{"in-process", no_argument, nullptr, kInProcess},
    option{"junit", required_argument, nullptr, kJunit},
    option{"keep", no_argument, nullptr, kKeep},
    option{"record", required_argument, nullptr, kRecord},
    option{"place", required_argument, nullptr, kPlace},
    option{"may-fill", no_argument, nullptr, kMayFill},
    option{"storage", required_argument, nullptr, kStorage},
    option{"device", required_argument, nullptr, kDevice},
    option{"pin-file", required_argument, nullptr, kPinFile},
    option{"deadline", required_argument, nullptr, kDeadline},
    option{"every", required_argument, nullptr, kEvery},
    option{"verbose", no_argument, nullptr, 'v'},
    option{"help", no_argument, nullptr, 'h'},
    option{"version", no_argument, nullptr, kVersion},
    option{nullptr, 0, nullptr, 0},
};

Options wrong(const char* why) {
    static_cast<void>(std::fprintf(stderr, "hearth-plugin-check: %s; see --help\n", why));
    Options out;
    out.action = Options::Action::wrong;
    return out;
}

void apply(Options& out, int which, const char* value) {
    switch (which) {
        case kList:
            out.action = Options::Action::list;
            break;
        case 'h':
            out.action = Options::Action::help;
            break;
        case kVersion:
            out.action = Options::Action::version;
            break;
        case 'f':
            out.filters.emplace_back(value);
            break;
        case kInProcess:
            out.in_process = true;
            break;
        case kJunit:
            out.junit_file = value;
            break;
        case kKeep:
            out.keep = true;
            break;
        case kRecord:
            out.record_file = value;
            break;
        case kPlace:
            out.place = value;
            break;
        case kMayFill:
            out.may_fill = true;
            break;
        case kStorage:
            out.storage = value;
            break;
        case kDevice:
            out.device = value;
            break;
        case kPinFile:
            out.pin_file = value;
            break;
        case kDeadline:
            out.deadline = static_cast<unsigned>(std::strtoul(value, nullptr, 10));
            break;
        case kEvery:
            out.every = static_cast<unsigned>(std::strtoul(value, nullptr, 10));
            break;
        case 'v':
            out.verbose = true;
            break;
        default:
            out.action = Options::Action::wrong;
            break;
    }
}

}  // namespace

Options parse_options(int count, char** arguments) {
    Options out;
    for (int which = 0;
         (which = ::getopt_long(count, arguments, "f:hv", kLong.data(), nullptr)) != -1;)
        apply(out, which, optarg);
    if (out.action != Options::Action::check) return out;
    if (count - optind != 1) return wrong("it takes one plugin");
    if (out.deadline == 0) return wrong("the deadline is a number of seconds");
    if (out.every == 0) return wrong("--every= takes a number from 1");
    out.plugin = arguments[optind];
    return out;
}

bool is_chosen(const Options& options, const std::string& rule) {
    return options.filters.empty() ||
           std::any_of(options.filters.begin(), options.filters.end(), [&](const auto& pattern) {
               return ::fnmatch(pattern.c_str(), rule.c_str(), 0) == 0;
           });
}

void print_help() {
    static_cast<void>(std::puts(
        "hearth-plugin-check [OPTIONS...] FILE.so\n\n"
        "Checks a plugin of Hearth against the rules of the plugin ABI, each in a process of its\n"
        "own. Rules that need more rights or another file system are skipped, and say so.\n\n"
        "  -f --filter=GLOB      only these rules (\"S*\", \"C07\"); may be given again\n"
        "     --list             show the rules\n"
        "     --storage=NAME     only this storage of the plugin\n"
        "     --place=DIR        keep the homes of the check here, for media that need a certain\n"
        "                        file system\n"
        "     --may-fill         that file system is for tests only: fill it for a moment\n"
        "     --device=ID        a token for tests only: enroll it, and try its PIN\n"
        "     --pin-file=FILE    the PIN of that token, if it does not take any\n"
        "     --record=FILE      a user record whose fields the homes get\n"
        "     --deadline=SECONDS for one rule (300)\n"
        "     --every=N          of the points to fail or to die at: only every N-th, for media\n"
        "                        that are slow to make\n"
        "     --in-process       no child processes, for a debugger: one rule at a time\n"
        "     --junit=FILE       write the results as JUnit XML too\n"
        "     --keep             leave the homes of the check where they are\n"
        "  -v --verbose          show what the plugin logs\n"
        "  -h --help             show this help\n"
        "     --version          show the version\n\n"
        "The exit status is 0 if no rule failed, 1 if one did, 2 if the command line is wrong."));
}

}  // namespace hearth::check
