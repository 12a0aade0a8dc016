// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/discovery/partitions.hpp"

#include <algorithm>
#include <filesystem>

#include "core/system/files.hpp"

namespace hearth::discovery {

namespace {

constexpr std::size_t kMost = std::size_t{64} * 1024;

bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '-';
    });
}

}  // namespace

/// Lines of "E:NAME=VALUE". What would have to be escaped there is in no name that counts.
Partition read_partition(std::string_view entry) {
    Partition out;
    while (!entry.empty()) {
        const std::string_view line = entry.substr(0, entry.find('\n'));
        entry.remove_prefix(std::min(entry.size(), line.size() + 1));
        const std::size_t equals = line.find('=');
        if (equals == std::string_view::npos) continue;
        const std::string_view name = line.substr(0, equals);
        const std::string_view value = line.substr(equals + 1);
        if (name == "E:ID_PART_ENTRY_TYPE") out.type = value;
        if (name == "E:ID_PART_ENTRY_NAME") out.label = value;
        // It becomes part of a path.
        if (name == "E:ID_FS_UUID" && is_plain(value)) out.uuid = value;
    }
    return out;
}

std::vector<Partition> find_partitions(const home::Root& root) {
    std::vector<Partition> out;
    const auto folder = system::open_dir(root.path("/run/udev/data"));
    if (!folder) return out;
    std::error_code error;
    for (const auto& entry :
         std::filesystem::directory_iterator(system::fd_path(folder->get()), error)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with('b')) continue;
        const auto text = system::read_file_at(folder->get(), name, kMost);
        auto partition = text ? read_partition(*text) : Partition();
        if (!partition.type.empty() && !partition.label.empty() && !partition.uuid.empty())
            out.push_back(std::move(partition));
    }
    std::sort(out.begin(), out.end(),
              [](const Partition& a, const Partition& b) { return a.uuid < b.uuid; });
    return out;
}

}  // namespace hearth::discovery
