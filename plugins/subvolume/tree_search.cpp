// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tree_search.hpp"

#include <linux/btrfs.h>
#include <sys/ioctl.h>

#include <cerrno>
#include <cstring>

namespace hearth::subvolume {

namespace {

/// Adds what one call found; false when there is no more, otherwise the search goes on behind it.
bool collect(btrfs_ioctl_search_args& arguments, std::vector<TreeItem>& out) {
    const char* at = arguments.buf;
    const char* const end = arguments.buf + sizeof arguments.buf;
    for (std::uint32_t i = 0; i < arguments.key.nr_items; ++i) {
        btrfs_ioctl_search_header header{};
        if (static_cast<std::size_t>(end - at) < sizeof header) return false;
        std::memcpy(&header, at, sizeof header);
        at += sizeof header;
        if (static_cast<std::size_t>(end - at) < header.len) return false;
        out.push_back({header.objectid, header.type, header.offset, {at, at + header.len}});
        at += header.len;
    }
    if (arguments.key.nr_items == 0 || out.back().offset == UINT64_MAX) return false;
    arguments.key.min_offset = out.back().offset + 1;
    return arguments.key.min_offset <= arguments.key.max_offset;
}

}  // namespace

std::uint64_t TreeItem::number(std::size_t at, std::size_t size) const {
    std::uint64_t value = 0;
    if (at + size > data.size()) return 0;
    for (std::size_t i = size; i-- > 0;)
        value = value << 8U | static_cast<unsigned char>(data[at + i]);
    return value;
}

std::string_view TreeItem::text(std::size_t at, std::size_t size) const {
    const std::string_view all(data.data(), data.size());
    return at > all.size() ? std::string_view() : all.substr(at, size);
}

sdk::Result<std::vector<TreeItem>> search_tree(int fd, std::uint64_t tree, std::uint64_t objectid,
                                               std::uint32_t type, std::uint64_t first_offset,
                                               std::uint64_t last_offset) {
    btrfs_ioctl_search_args arguments{};
    arguments.key.tree_id = tree;
    arguments.key.min_objectid = arguments.key.max_objectid = objectid;
    arguments.key.min_type = arguments.key.max_type = type;
    arguments.key.min_offset = first_offset;
    arguments.key.max_offset = last_offset;
    arguments.key.max_transid = UINT64_MAX;
    std::vector<TreeItem> found;
    do {
        arguments.key.nr_items = UINT32_MAX;
        if (ioctl(fd, BTRFS_IOC_TREE_SEARCH, &arguments) != 0) {
            if (errno == ENOENT)
                return sdk::Error(HEARTH_E_NOT_SUPPORTED, "there is no such tree", ENOENT);
            return sdk::sys_error(errno, "btrfs does not tell what it holds");
        }
    } while (collect(arguments, found));
    return found;
}

}  // namespace hearth::subvolume
