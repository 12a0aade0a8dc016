// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "hosts/homectl/options/option_set.hpp"
#include "hosts/homectl/verbs/verb.hpp"

namespace hearth::homectl {

/// "homectl --help": all verbs and all options, by group.
[[nodiscard]] std::string help_text(const OptionSet& options);
/// "homectl VERB --help": that verb, with the options that fit it.
[[nodiscard]] std::string verb_help_text(const Verb& verb, const OptionSet& options);
}  // namespace hearth::homectl
