// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "core/base/result.hpp"
#include "hosts/homectl/options/option_set.hpp"
#include "hosts/homectl/options/settings.hpp"

namespace hearth::homectl {

/// Reads a command line (argv with the program's name) the way getopt_long(3) does: bundled
/// letters, abbreviated long names, options and other arguments mixed, "--" ends the options.
/// Nothing is done but checking.
///
/// Errors: option-unknown, option-ambiguous, option-missing-argument, option-needless-argument,
/// option-bad-value, option-repeated, option-not-available, option-file-unreadable,
/// option-file-too-large.
Result<Invocation> parse_command_line(const std::vector<char*>& argv, const OptionSet& options);

}  // namespace hearth::homectl
