// SPDX-License-Identifier: LGPL-2.1-or-later
#include "nested.hpp"

#include <linux/btrfs_tree.h>

#include <algorithm>

#include "btrfs.hpp"
#include "tree_search.hpp"

namespace hearth::subvolume {

namespace {

// A reference to a subvolume: the folder it is in, a sequence number, and its name.
constexpr std::size_t kRefFolder = 0;
constexpr std::size_t kRefLength = 16;
constexpr std::size_t kRefName = 18;
// A reference to a file: a sequence number, and its name. The offset of the key is its folder.
constexpr std::size_t kInodeLength = 8;
constexpr std::size_t kInodeName = 10;

std::string name_in(const TreeItem& item, std::size_t length_at, std::size_t name_at) {
    return std::string(item.text(name_at, item.number(length_at, 2)));
}

}  // namespace

sdk::Result<std::vector<Nested>> find_nested(int top) {
    HEARTH_SDK_TRY(top_id, subvolume_id(top));
    std::vector<Nested> found;
    std::uint64_t id = top_id;
    std::size_t parent = kTop;
    for (std::size_t next = 0;; ++next) {
        HEARTH_SDK_TRY(items, search_tree(top, BTRFS_ROOT_TREE_OBJECTID, id, BTRFS_ROOT_REF_KEY));
        for (const TreeItem& item : items)
            found.push_back({item.offset, parent, item.number(kRefFolder, 8),
                             name_in(item, kRefLength, kRefName)});
        if (next == found.size()) return found;
        id = found[next].id;
        parent = next;
    }
}

sdk::Result<std::vector<std::string>> way_to(int fd, std::uint64_t subvolume,
                                             std::uint64_t folder) {
    std::vector<std::string> names;
    while (folder != BTRFS_FIRST_FREE_OBJECTID) {
        HEARTH_SDK_TRY(items, search_tree(fd, subvolume, folder, BTRFS_INODE_REF_KEY));
        // A folder has one name.
        if (items.size() != 1)
            return sdk::Error(HEARTH_E_IO, "a folder with a subvolume in it is nowhere");
        names.push_back(name_in(items.front(), kInodeLength, kInodeName));
        folder = items.front().offset;
    }
    std::reverse(names.begin(), names.end());
    return names;
}

}  // namespace hearth::subvolume
