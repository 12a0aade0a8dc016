// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/tokens/kinds.hpp"

#include <algorithm>
#include <string_view>

#include "hosts/homectl/plugins/storages.hpp"

namespace hearth::homectl {

namespace {

constexpr std::string_view kSection = "/privileged/";

/// A list of the top level that the owner of a home may not see the entries of, but its names.
bool has_public_names(const record::UserRecord& record, const plugin::AuthManifest& kind) {
    if (kind.public_array.empty()) return false;
    const auto value = record.get(kind.public_array.substr(1));
    return value && !value->strings().value_or(std::vector<std::string>()).empty();
}

bool has_entries(const record::UserRecord& record, const plugin::AuthManifest& kind) {
    const auto value = record.privileged(field_of(kind));
    const auto* list = value ? value->array() : nullptr;
    return list && !list->empty();
}

}  // namespace

std::string field_of(const plugin::AuthManifest& kind) {
    return kind.record_array.substr(kSection.size());
}

Result<plugin::Registry::Auth> find_kind(const std::string& kind) {
    for (const auto& auth : installed_plugins().auths())
        if (auth.manifest->name == kind || field_of(*auth.manifest) == kind) return auth;
    return installed_plugins().find_auth(kind);
}

bool has_tokens(const record::UserRecord& record) {
    const auto kinds = installed_plugins().auths();
    return std::any_of(kinds.begin(), kinds.end(), [&](const auto& kind) {
        return has_entries(record, *kind.manifest) || has_public_names(record, *kind.manifest);
    });
}

}  // namespace hearth::homectl
