// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

namespace hearth::homed {

inline constexpr const char* kBusName = "org.freedesktop.home1";
inline constexpr const char* kManagerPath = "/org/freedesktop/home1";
inline constexpr const char* kManagerInterface = "org.freedesktop.home1.Manager";
inline constexpr const char* kHomesPath = "/org/freedesktop/home1/home";
inline constexpr const char* kHomeInterface = "org.freedesktop.home1.Home";

/// The object of a user's home. Bytes other than letters and digits are written `_` and two
/// hexadecimal digits.
[[nodiscard]] std::string path_of_home(const std::string& user);

/// What a path below kHomesPath names; nothing: it is not one.
[[nodiscard]] std::optional<std::string> name_in_path(const char* path);

}  // namespace hearth::homed
