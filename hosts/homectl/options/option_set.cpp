// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/options/option_set.hpp"

#include <algorithm>

namespace hearth::homectl {

OptionSet::OptionSet() {
    options_.reserve(128);
    for (const auto group : {person_options, environment_options, security_options, limit_options,
                             storage_options, luks_options, session_options})
        add(group());
}

void OptionSet::add(std::span<const Option> more) {
    for (const Option& option : more) options_.push_back(&option);
}

const Option* OptionSet::find(std::string_view name) const {
    const auto found = std::find_if(options_.begin(), options_.end(),
                                    [&](const Option* o) { return o->name == name; });
    return found == options_.end() ? nullptr : *found;
}

}  // namespace hearth::homectl
