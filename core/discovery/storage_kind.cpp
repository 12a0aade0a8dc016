// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/discovery/storage_kind.hpp"

#include <algorithm>

namespace hearth::discovery {

std::vector<StorageKind> storage_kinds(const plugin::Registry& registry) {
    std::vector<StorageKind> kinds;
    for (const auto& [entry, storage] : registry.storages()) {
        StorageKind kind{storage->name, storage->suffix, false, storage->gpt_type};
        kind.folder = storage->medium == plugin::Medium::directory;
        if (storage->medium == plugin::Medium::network) kind.suffix.clear();
        std::transform(kind.gpt_type.begin(), kind.gpt_type.end(), kind.gpt_type.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        kinds.push_back(std::move(kind));
    }
    return kinds;
}

}  // namespace hearth::discovery
