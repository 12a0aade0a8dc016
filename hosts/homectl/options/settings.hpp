// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hosts/homectl/options/changes.hpp"

namespace hearth::homectl {

enum class JsonMode { off, pretty, compact };

/// Which sections inspect's JSON holds.
enum class ExportFormat { full, stripped, minimal };

/// The switches that are about homectl itself, not about a record.
struct Settings {
    bool help = false;
    bool version = false;
    bool legend = true;
    bool verbose = false;
    bool ask_password = true;
    JsonMode json = JsonMode::off;
    ExportFormat format = ExportFormat::full;
    /// What to print instead of doing anything: "json" or "export-format".
    std::string list_values_of;
    std::optional<std::string> identity;
    /// create: the file with the records of many homes.
    std::optional<std::string> many;
    /// create: the file with their passwords.
    std::optional<std::string> passwords;
    bool seize = true;
    /// update: the record of this machine alone.
    bool offline = false;
    /// What a signing key that is added shall be called; "": as its file is.
    std::string key_name;
    /// The folder that stands in for the system, or "".
    std::string root;
};

/// A command line, understood and checked, with nothing done yet.
struct Invocation {
    /// Empty: none was given, which means "list".
    std::string verb;
    std::vector<std::string> arguments;
    Settings settings;
    Changes changes;
    /// The first option on the line that changes a record, for errors; empty if there is none.
    std::string first_change;
};

}  // namespace hearth::homectl
