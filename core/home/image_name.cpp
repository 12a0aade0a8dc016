// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/home/image_name.hpp"

#include "core/record/names.hpp"

namespace hearth::home {

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

std::optional<ImageName> name_of_image(std::string_view path) {
    const std::string_view file = path.substr(path.rfind('/') + 1);
    const std::size_t dot = file.rfind('.');
    return dot == std::string_view::npos ? std::nullopt : parse_image_name(file.substr(0, dot));
}

}  // namespace hearth::home
