// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/service/home.hpp"

namespace hearth::homed::varlink {

/// The group that every home has: of the same name and number as its user.
///
/// `asked` is the name that the client used, or empty. An alias gives a group of that name: a
/// record of a group cannot list other names, and clients refuse one that is called otherwise than
/// what they asked for. Nothing if the home has no number.
[[nodiscard]] std::string group_record(const service::Home& home, std::string_view asked,
                                       const std::string& machine_id, const std::string& service);

}  // namespace hearth::homed::varlink
