// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <fstream>
#include <sstream>

#include "core/system/mounts.hpp"

namespace hearth::system {

namespace {

bool is_octal(char c) {
    return c >= '0' && c <= '7';
}

// The kernel writes a space in a path as \040.
std::string unescaped(const std::string& text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape =
            text[i] == '\\' && i + 3 < text.size() &&
            std::all_of(text.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                        text.begin() + static_cast<std::ptrdiff_t>(i) + 4, is_octal);
        if (!escape) {
            plain += text[i];
            continue;
        }
        plain += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 +
                                   (text[i + 3] - '0'));
        i += 3;
    }
    return plain;
}

// id parent major:minor root mount-point options optional-field... - type source super-options
std::optional<MountInfo> parse_line(const std::string& line) {
    std::istringstream fields(line);
    MountInfo info;
    std::uint64_t parent = 0;
    char colon = 0;
    std::string optional;
    fields >> info.id >> parent >> info.device_major >> colon >> info.device_minor >> info.root >>
        info.mount_point >> info.options;
    while (fields >> optional && optional != "-") continue;
    fields >> info.fs_type >> info.source;
    if (!fields || colon != ':') return std::nullopt;
    info.root = unescaped(info.root);
    info.mount_point = unescaped(info.mount_point);
    info.source = unescaped(info.source);
    return info;
}

}  // namespace

Result<std::optional<MountInfo>> find_mount(std::uint64_t id) {
    std::ifstream table("/proc/self/mountinfo");
    if (!table)
        return Error(Code::io, "mount-query", "The table of mounts cannot be read.")
            .why("/proc/self/mountinfo cannot be opened.");
    const std::string start = std::to_string(id) + " ";
    for (std::string line; std::getline(table, line);)
        if (line.starts_with(start)) return parse_line(line);
    return std::optional<MountInfo>{};
}

std::vector<MountInfo> all_mounts() {
    std::ifstream table("/proc/self/mountinfo");
    std::vector<MountInfo> out;
    for (std::string line; std::getline(table, line);)
        if (auto mount = parse_line(line)) out.push_back(*std::move(mount));
    return out;
}

}  // namespace hearth::system
