// SPDX-License-Identifier: LGPL-2.1-or-later
#include "removal.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "btrfs.hpp"
#include "nested.hpp"
#include "plugins/shared/home_folder.hpp"
#include "qgroup.hpp"

namespace hearth::subvolume {

namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

sdk::Result<sdk::UniqueFd> open_folder(int dir, const char* name) {
    sdk::UniqueFd folder(openat(dir, name, kFolder));
    if (folder) return folder;
    return sdk::sys_error(errno, std::string("the folder ") + name + " cannot be opened");
}

/// Deletes the subvolumes inside one, the innermost first.
class NestedRemoval {
  public:
    NestedRemoval(int top, std::uint64_t id, std::vector<Nested> all)
        : top_(top), top_id_(id), all_(std::move(all)) {}

    sdk::Result<void> run(sdk::Op op) {
        const std::size_t total = all_.size();
        while (!all_.empty()) {
            op.progress(total - all_.size(), total, "deleting the subvolumes inside");
            HEARTH_SDK_CHECK(destroy_last());
            forget_count(top_, all_.back().id);
            all_.pop_back();
        }
        return sdk::ok();
    }

  private:
    sdk::Result<void> destroy_last() const {
        const Nested& last = all_.back();
        HEARTH_SDK_TRY(around, open_subvolume(last.parent));
        // Nothing in a read-only one can be deleted, nested subvolumes included.
        HEARTH_SDK_TRY(read_only, is_read_only(around.get()));
        if (read_only) HEARTH_SDK_CHECK(make_writable(around.get()));
        HEARTH_SDK_CHECK(walk(around, id_of(last.parent), last.folder));
        return destroy_subvolume(around.get(), last.name.c_str());
    }

    [[nodiscard]] std::uint64_t id_of(std::size_t which) const {
        return which == kTop ? top_id_ : all_[which].id;
    }

    /// From the top down, so that no more than two folders are open however deep it lies.
    [[nodiscard]] sdk::Result<sdk::UniqueFd> open_subvolume(std::size_t which) const {
        std::vector<std::size_t> chain;
        for (; which != kTop; which = all_[which].parent) chain.push_back(which);
        HEARTH_SDK_TRY(here, open_folder(top_, "."));
        for (auto step = chain.rbegin(); step != chain.rend(); ++step) {
            const Nested& next = all_[*step];
            HEARTH_SDK_CHECK(walk(here, id_of(next.parent), next.folder));
            HEARTH_SDK_TRY(entered, open_folder(here.get(), next.name.c_str()));
            here = std::move(entered);
        }
        return here;
    }

    sdk::Result<void> walk(sdk::UniqueFd& here, std::uint64_t subvolume,
                           std::uint64_t folder) const {
        HEARTH_SDK_TRY(names, way_to(top_, subvolume, folder));
        for (const std::string& name : names) {
            HEARTH_SDK_TRY(next, open_folder(here.get(), name.c_str()));
            here = std::move(next);
        }
        return sdk::ok();
    }

    int top_;
    std::uint64_t top_id_;
    std::vector<Nested> all_;
};

sdk::Result<void> remove_subvolume(sdk::Op op, int dir, const char* name, sdk::UniqueFd top) {
    HEARTH_SDK_TRY(id, subvolume_id(top.get()));
    HEARTH_SDK_TRY(nested, find_nested(top.get()));
    HEARTH_SDK_CHECK(NestedRemoval(top.get(), id, std::move(nested)).run(op));
    top.reset();
    HEARTH_SDK_CHECK(destroy_subvolume(dir, name));
    forget_count(dir, id);
    return sdk::ok();
}

}  // namespace

sdk::Result<void> remove_home(sdk::Op op, int dir, const char* name) {
    sdk::UniqueFd top(openat(dir, name, kFolder));
    if (!top && errno == ENOENT) return sdk::ok();
    if (top && is_subvolume(top.get())) return remove_subvolume(op, dir, name, std::move(top));
    top.reset();
    return shared::remove_folder(op, dir, name);
}

}  // namespace hearth::subvolume
