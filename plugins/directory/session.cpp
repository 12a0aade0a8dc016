// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <hearth/sdk/tree.hpp>

#include <cerrno>
#include <string>
#include <utility>

#include "limits.hpp"
#include "plugins/shared/home_folder.hpp"

namespace hearth::directory {

namespace {

sdk::Result<sdk::UniqueFd> make(const sdk::Place& place) {
    if (mkdirat(place.dir, place.temp_name, 0700) != 0)
        return sdk::sys_error(errno,
                              std::string("the folder ") + place.temp_name + " cannot be created");
    auto folder = shared::open_home(place, place.temp_name);
    // The umask of the host does not matter.
    if (folder && fchmod(folder->get(), 0700) == 0) return folder;
    unlinkat(place.dir, place.temp_name, AT_REMOVEDIR);
    return folder ? sdk::sys_error(errno, "the mode of the new folder cannot be set")
                  : std::move(folder).error();
}

}  // namespace

DirectorySession::DirectorySession(const sdk::Place& place, sdk::UniqueFd folder, bool created,
                                   std::uint32_t owner, std::uint32_t uid)
    : place_(place), folder_(std::move(folder)), created_(created), owner_(owner), uid_(uid) {}

sdk::Result<std::unique_ptr<sdk::Session>> DirectorySession::create(sdk::Op op,
                                                                    const sdk::Place& place,
                                                                    std::uint32_t uid,
                                                                    Limit limit) {
    // Said before any work is done; close() makes sure of it again.
    if (shared::exists(place)) return shared::exists_already(place);
    HEARTH_SDK_TRY(folder, make(place));
    std::unique_ptr<DirectorySession> session(
        new DirectorySession(place, std::move(folder), true, HEARTH_OWNER_USER, uid));
    session->limited_ = limit.has_value();
    if (limit) {
        if (auto set = set_home_limit(op, session->folder_.get(), uid, *limit); !set) {
            static_cast<void>(session->discard());
            return std::move(set).error();
        }
    }
    return std::unique_ptr<sdk::Session>(std::move(session));
}

sdk::Result<std::unique_ptr<sdk::Session>> DirectorySession::open(const sdk::Place& place,
                                                                  std::uint32_t uid) {
    HEARTH_SDK_TRY(folder, shared::open_home(place, place.name));
    struct stat info {};
    if (fstat(folder.get(), &info) != 0)
        return sdk::sys_error(errno, std::string(place.name) + " cannot be looked at");
    // A folder that came from another machine keeps its owner there: mapping it costs nothing, a
    // chown of everything would. One of root's was never given to anybody.
    const std::uint32_t owner = info.st_uid == 0 ? HEARTH_OWNER_USER : info.st_uid;
    return std::unique_ptr<sdk::Session>(
        new DirectorySession(place, std::move(folder), false, owner, uid));
}

sdk::Result<void> DirectorySession::mount(sdk::Op, hearth_root& root) {
    root.fd = folder_.get();
    root.kind = HEARTH_ROOT_PLAIN_DIR;
    root.idmap = 1;
    root.owner = owner_;
    root.subdir = nullptr;
    return sdk::ok();
}

sdk::Result<void> DirectorySession::unmount(sdk::Op) {
    return sdk::ok();
}

sdk::Result<void> DirectorySession::resize(sdk::Op op, int, std::uint64_t bytes, hearth_flags flags,
                                           std::uint64_t& actual) {
    return resize_home(op, place_, folder_.get(), uid_, bytes, flags, actual);
}

sdk::Result<void> DirectorySession::close(sdk::Op op, std::uint32_t disposition) {
    if (disposition == HEARTH_CLOSE_ROLLBACK) return created_ ? discard() : sdk::ok();
    HEARTH_SDK_CHECK(shared::sync_folder(folder_.get(), place_.name));
    if (!created_) return sdk::ok();
    const sdk::Critical between_two_names(op);
    auto published = shared::publish(place_);
    // Nobody could find it under its temporary name any more.
    if (!published) static_cast<void>(discard());
    return published;
}

sdk::Result<void> DirectorySession::discard() {
    folder_.reset();
    HEARTH_SDK_CHECK(sdk::remove_tree(place_.dir, place_.temp_name));
    return limited_ ? clear_home_limit(place_.dir, uid_) : sdk::ok();
}

}  // namespace hearth::directory
