// SPDX-License-Identifier: MIT
// The smallest real storage plugin, with the C++ SDK: a folder that is the home, without
// encryption. A new home is made under a temporary name and renamed when it is whole, so that a
// crash leaves either no home or a complete one.
#include <fcntl.h>
#include <hearth_manifest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <hearth/sdk/sdk.hpp>
#include <hearth/sdk/tree.hpp>
#include <memory>

namespace {

namespace sdk = hearth::sdk;
using sdk::Op;
using sdk::Result;

/// Takes a folder away for good: the rename is the moment at which it is gone, the rest can be done
/// again.
Result<void> discard(Op op, const sdk::Place& place, const char* name) {
    const sdk::TreeWatch watch{
        .progress = [op](std::uint64_t removed) { op.progress(removed, 0, "removing files"); }};
    // What an earlier try left there would be in the way of the rename.
    HEARTH_SDK_CHECK(sdk::remove_tree(place.dir, place.trash_name, watch));
    if (::renameat(place.dir, name, place.dir, place.trash_name) != 0 && errno != ENOENT)
        return sdk::sys_error(errno, "the folder cannot be renamed");
    return sdk::remove_tree(place.dir, place.trash_name, watch);
}

class FolderSession : public sdk::Session {
  public:
    FolderSession(sdk::Place place, sdk::UniqueFd root, bool made)
        : place_(place), root_(std::move(root)), made_(made) {}

    Result<void> mount(Op, hearth_root& root) override {
        root.fd = root_.get();
        root.kind = HEARTH_ROOT_PLAIN_DIR;
        root.idmap = 1;
        root.owner = HEARTH_OWNER_NOBODY;
        return sdk::ok();
    }

    Result<void> unmount(Op) override { return sdk::ok(); }

    Result<void> close(Op op, std::uint32_t disposition) override {
        if (!made_) return sdk::ok();
        if (disposition == HEARTH_CLOSE_ROLLBACK) return discard(op, place_, place_.temp_name);
        auto committed = commit();
        // Nobody could find it under its temporary name any more.
        if (!committed) static_cast<void>(discard(op, place_, place_.temp_name));
        return committed;
    }

  private:
    Result<void> commit() {
        if (::syncfs(root_.get()) != 0)
            return sdk::sys_error(errno, "the folder cannot be written to disk");
        // RENAME_NOREPLACE: whoever made a folder of that name meanwhile keeps it.
        if (::renameat2(place_.dir, place_.temp_name, place_.dir, place_.name, RENAME_NOREPLACE) !=
            0)
            return errno == EEXIST
                       ? sdk::Error(HEARTH_E_HOME_EXISTS, "somebody made a folder of that name")
                       : sdk::sys_error(errno, "the folder cannot be put in its place");
        const sdk::UniqueFd parent(::openat(place_.dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!parent || ::fsync(parent.get()) != 0)
            return sdk::sys_error(errno, "the parent folder cannot be written to disk");
        return sdk::ok();
    }

    sdk::Place place_;
    sdk::UniqueFd root_;
    bool made_;
};

class FolderStorage : public sdk::Storage {
  public:
    static constexpr const char* kName = HEARTH_PLUGIN_STORAGE;
    using SessionType = FolderSession;

    Result<std::uint32_t> state(Op op, const sdk::Record& record) override {
        HEARTH_SDK_TRY(place, op.place(record));
        return exists(place) ? HEARTH_STATE_INACTIVE : HEARTH_STATE_ABSENT;
    }

    Result<std::unique_ptr<sdk::Session>> create(Op op, sdk::WritableRecord record,
                                                 sdk::Credentials) override {
        HEARTH_SDK_TRY(place, op.place(record));
        if (exists(place)) return sdk::Error(HEARTH_E_HOME_EXISTS, "the folder exists");
        if (::mkdirat(place.dir, place.temp_name, 0700) != 0)
            return sdk::sys_error(errno, "the folder cannot be made");
        auto session = open(place, place.temp_name, true);
        if (!session) ::unlinkat(place.dir, place.temp_name, AT_REMOVEDIR);
        return session;
    }

    Result<std::unique_ptr<sdk::Session>> unlock_medium(Op op, sdk::WritableRecord record,
                                                        hearth_flags) override {
        HEARTH_SDK_TRY(place, op.place(record));
        return open(place, place.name, false);
    }

    Result<void> deactivate(Op, const sdk::Record&, int root_fd, hearth_flags) override {
        if (root_fd >= 0 && ::syncfs(root_fd) != 0)
            return sdk::sys_error(errno, "the home cannot be written to disk");
        return sdk::ok();
    }

    Result<void> remove(Op op, const sdk::Record& record) override {
        HEARTH_SDK_TRY(place, op.place(record));
        return discard(op, place, place.name);
    }

    /// During recover() the temporary names are those of the interrupted operation: what it left
    /// under them is in nobody's way and can go. A removal that has begun is brought to its end.
    Result<void> recover(Op op, const sdk::Record& record, const hearth_intent&,
                         sdk::Session*) override {
        HEARTH_SDK_TRY(place, op.place(record));
        return discard(op, place, place.temp_name);
    }

  private:
    static bool exists(const sdk::Place& place) {
        struct stat status {};
        return ::fstatat(place.dir, place.name, &status, AT_SYMLINK_NOFOLLOW) == 0;
    }

    static Result<std::unique_ptr<sdk::Session>> open(const sdk::Place& place, const char* name,
                                                      bool made) {
        sdk::UniqueFd root(
            ::openat(place.dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (!root && errno == ENOENT)
            return sdk::Error(HEARTH_E_HOME_ABSENT, "the folder is not there");
        if (!root) return sdk::sys_error(errno, "the folder cannot be opened");
        return std::unique_ptr<sdk::Session>(
            std::make_unique<FolderSession>(place, std::move(root), made));
    }
};

}  // namespace

HEARTH_PLUGIN(FolderStorage);
