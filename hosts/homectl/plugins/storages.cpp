// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/plugins/storages.hpp"

namespace hearth::homectl {

const plugin::Registry& installed_plugins() {
    static const plugin::Registry kRegistry = plugin::Registry::scan(plugin::default_folders());
    return kRegistry;
}

Result<void> check_storage(const std::optional<std::string>& wish) {
    if (!wish) return ok();
    HEARTH_TRY(found, installed_plugins().find_storage(*wish));
    (void)found;
    return ok();
}

std::optional<bool> storage_encrypts(const std::string& storage) {
    const auto found = installed_plugins().find_storage(storage);
    if (!found) return std::nullopt;
    return found->manifest->has("encrypted");
}

}  // namespace hearth::homectl
