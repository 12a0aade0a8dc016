// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hearth::home {

/// Whose home something is, as its name says: USER or USER@REALM.
struct ImageName {
    std::string user;
    std::string realm;  ///< empty: there is none
};

/// Nothing: no user that can have a home is called like this.
std::optional<ImageName> parse_image_name(std::string_view name);

/// The same for an image where it lies: USER.suffix or USER@REALM.suffix in any folder.
std::optional<ImageName> name_of_image(std::string_view path);

}  // namespace hearth::home
