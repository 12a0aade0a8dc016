// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace hearth::check {

/// The command line.
struct Options {
    enum class Action { check, list, help, version, wrong };
    Action action = Action::check;

    std::string plugin;
    std::vector<std::string> filters;  // shell patterns of rules; empty: all
    std::string storage;               // the only one to check; empty: all of the plugin
    std::string place;
    std::string device;  // of the plugin's, for tests only
    std::string pin_file;
    std::string record_file;
    std::string junit_file;
    unsigned deadline = 300;  // seconds for one rule
    unsigned every = 1;       // of the points to fail or to die at: only every so many-th
    bool in_process = false;
    bool may_fill = false;
    bool keep = false;
    bool verbose = false;
};

/// Reads it; what is wrong with it goes to standard error.
Options parse_options(int count, char** arguments);

[[nodiscard]] bool is_chosen(const Options& options, const std::string& rule);
void print_help();

}  // namespace hearth::check
