// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>

#include "core/base/error.hpp"
#include "hosts/homectl/options/general.hpp"
#include "hosts/homectl/options/option_set.hpp"

namespace hearth::homectl {

/// What to say when getopt_long() gives up. `word` is the argument that it looked at, `letter` what
/// it left in optopt.

/// Errors: option-missing-argument.
Error missing_argument(std::string_view word, int letter, const OptionSet& options);
/// Errors: option-unknown (with the nearest one that exists), option-ambiguous,
/// option-needless-argument.
Error not_an_option(std::string_view word, int letter, const OptionSet& options);
/// Errors: option-not-available.
Error general_not_available(const GeneralOption& option);

}  // namespace hearth::homectl
