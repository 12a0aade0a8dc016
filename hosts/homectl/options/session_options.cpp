// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>

#include "hosts/homectl/options/kinds.hpp"

namespace hearth::homectl {

namespace {

constexpr std::array kTable = {
    Option{.name = "stop-delay",
           .kind = &kSpan,
           .field = "stopDelayUSec",
           .group = Group::session,
           .help = "How long to wait after the last logout"},
    Option{.name = "kill-processes",
           .kind = &kBool,
           .field = "killProcesses",
           .group = Group::session,
           .help = "Kill what still runs after the last logout"},
    Option{.name = "auto-login",
           .kind = &kBool,
           .field = "autoLogin",
           .group = Group::session,
           .help = "Log in without asking at boot"},
    Option{.name = "session-launcher",
           .kind = &kText,
           .field = "preferredSessionLauncher",
           .group = Group::session,
           .help = "The session to start"},
    Option{.name = "session-type",
           .kind = &kText,
           .field = "preferredSessionType",
           .group = Group::session,
           .help = "The type of the session"},
};

}  // namespace

std::span<const Option> session_options() {
    return kTable;
}

}  // namespace hearth::homectl
