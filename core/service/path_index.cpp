// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/service/path_index.hpp"

namespace hearth::service {

void PathIndex::add(const Home& home) {
    add(home.home_directory(), home);
    add(home.image_path(), home);
}

/// At the start they come nearly in order.
void PathIndex::add(std::string_view path, const Home& home) {
    if (!path.empty()) owners_.emplace_hint(owners_.end(), path, &home);
}

void PathIndex::drop(const Home& home) {
    drop(home.home_directory(), home);
    drop(home.image_path(), home);
}

void PathIndex::drop(std::string_view path, const Home& home) {
    const auto [begin, end] = owners_.equal_range(path);
    for (auto entry = begin; entry != end;)
        entry = entry->second == &home ? owners_.erase(entry) : std::next(entry);
}

const Home* PathIndex::find(std::string_view path) const {
    const auto entry = owners_.find(path);
    return entry == owners_.end() ? nullptr : entry->second;
}

std::map<std::string, std::string> PathIndex::that_begin_with(std::string_view text) const {
    std::map<std::string, std::string> found;
    for (auto entry = owners_.lower_bound(text);
         entry != owners_.end() && entry->first.starts_with(text); ++entry)
        found.emplace(entry->first, entry->second->user_name());
    return found;
}

}  // namespace hearth::service
