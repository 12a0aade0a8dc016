// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/discovery/image_name.hpp"

#include "core/record/names.hpp"

namespace hearth::discovery {

std::optional<ImageName> parse_image_name(std::string_view name) {
    const std::size_t at = name.find('@');
    ImageName out{std::string(name.substr(0, at)), {}};
    if (at != std::string_view::npos) {
        out.realm = name.substr(at + 1);
        if (!record::check_realm(out.realm)) return std::nullopt;
    }
    if (!record::check_managed_user_name(out.user)) return std::nullopt;
    return out;
}

}  // namespace hearth::discovery
