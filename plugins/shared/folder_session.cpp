// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/shared/folder_session.hpp"

#include "plugins/shared/home_folder.hpp"

namespace hearth::shared {

sdk::Result<void> FolderSession::mount(sdk::Op, hearth_root& root) {
    fill_root(root, folder(), owner_);
    return sdk::ok();
}

sdk::Result<void> FolderSession::unmount(sdk::Op) {
    return sdk::ok();
}

sdk::Result<void> FolderSession::close(sdk::Op op, std::uint32_t disposition) {
    if (disposition == HEARTH_CLOSE_ROLLBACK) {
        folder_.reset();
        return created_ ? discard(op) : sdk::ok();
    }
    HEARTH_SDK_CHECK(sync_folder(folder(), place_.name));
    return created_ ? publish(op, place_) : sdk::ok();
}

}  // namespace hearth::shared
