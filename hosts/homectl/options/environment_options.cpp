// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>

#include "hosts/homectl/options/kinds.hpp"

namespace hearth::homectl {

namespace {

constexpr std::array kTable = {
    Option{.name = "setenv",
           .kind = &kEnvironment,
           .field = "environment",
           .group = Group::environment,
           .help = "A variable of the environment; may be repeated"},
    Option{.name = "timezone",
           .kind = &kTimezone,
           .field = "timeZone",
           .group = Group::environment,
           .help = "The time zone"},
    Option{.name = "language",
           .kind = &kLanguages,
           .field = "preferredLanguage",
           .fixed = true,
           .group = Group::environment,
           .help = "The languages, the preferred one first"},
    Option{.name = "default-area",
           .kind = &kFileName,
           .field = "defaultArea",
           .group = Group::environment,
           .help = "The area of the home that sessions use"},
};

}  // namespace

std::span<const Option> environment_options() {
    return kTable;
}

}  // namespace hearth::homectl
