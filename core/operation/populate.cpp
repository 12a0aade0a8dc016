// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/populate.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "core/system/files.hpp"
#include "core/system/tree.hpp"

namespace hearth::operation {

namespace {

/// Media with a file system of their own belong to nobody on disk, so that they fit every machine's
/// UIDs.
uid_t owner_on_medium(const HomeAccess& home, const record::Effective& effective) {
    if (home.root().owner != HEARTH_OWNER_USER) return home.root().owner;
    return static_cast<uid_t>(effective.number("uid").value_or(HEARTH_OWNER_NOBODY));
}

Result<void> copy_skeleton(Operation& op, int root_fd, const record::Effective& effective,
                           uid_t owner) {
    const std::string path = effective.text("skeletonDirectory").value_or("/etc/skel");
    auto skeleton = system::open_dir(path);
    if (!skeleton && skeleton.error().code() == Code::home_absent && path == "/etc/skel")
        return ok();
    if (!skeleton)
        return std::move(skeleton).error().context("The skeleton folder " + path +
                                                   " cannot be used.");
    system::TreeWatch watch;
    watch.progress = [&op](std::uint64_t done) {
        op.channel().progress("copying the skeleton", done, 0);
    };
    watch.cancelled = [&op] { return op.cancelled(); };
    HEARTH_TRY(copied, system::copy_tree(skeleton->get(), root_fd, owner, static_cast<gid_t>(owner),
                                         watch));
    (void)copied;
    return ok();
}

Result<void> own_top(int root_fd, uid_t owner, mode_t mode) {
    if (::fchown(root_fd, owner, static_cast<gid_t>(owner)) == 0 && ::fchmod(root_fd, mode) == 0)
        return ok();
    return Error(Code::io, "tree-owner", "The top folder of the home cannot be given to its owner.")
        .sys(errno);
}

}  // namespace

Result<void> populate(Operation& op, HomeAccess& home) {
    const record::Effective effective = home.effective();
    const uid_t owner = owner_on_medium(home, effective);
    HEARTH_CHECK(copy_skeleton(op, home.root_fd(), effective, owner));
    HEARTH_CHECK(own_top(home.root_fd(), owner, static_cast<mode_t>(effective.access_mode())));
    return home.write_embedded(system::Durability::atomic);
}

}  // namespace hearth::operation
