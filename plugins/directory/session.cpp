// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session.hpp"

#include <utility>

#include "plugins/shared/home_folder.hpp"
#include "plugins/shared/home_limit.hpp"

namespace hearth::directory {

sdk::Result<std::unique_ptr<sdk::Session>> DirectorySession::create(sdk::Op op,
                                                                    const sdk::Place& place,
                                                                    std::uint32_t uid,
                                                                    Limit limit) {
    // Said before any work is done; close() makes sure of it again.
    if (shared::exists(place)) return shared::exists_already(place);
    HEARTH_SDK_TRY(folder, shared::make_folder(place));
    std::unique_ptr<DirectorySession> session(
        new DirectorySession(place, std::move(folder), true, HEARTH_OWNER_USER, uid));
    session->limited_ = limit.has_value();
    if (limit) {
        if (auto set = shared::set_home_limit(op, session->folder(), uid, *limit); !set) {
            static_cast<void>(session->discard(op));
            return std::move(set).error();
        }
    }
    return std::unique_ptr<sdk::Session>(std::move(session));
}

sdk::Result<std::unique_ptr<sdk::Session>> DirectorySession::open(const sdk::Place& place,
                                                                  std::uint32_t uid) {
    HEARTH_SDK_TRY(folder, shared::open_home(place, place.name));
    HEARTH_SDK_TRY(owner, shared::owner_of(folder.get()));
    return std::unique_ptr<sdk::Session>(
        new DirectorySession(place, std::move(folder), false, owner, uid));
}

sdk::Result<void> DirectorySession::resize(sdk::Op op, int, std::uint64_t bytes, hearth_flags flags,
                                           std::uint64_t& actual) {
    return shared::resize_home(op, place(), folder(), uid_, bytes, flags, actual);
}

sdk::Result<void> DirectorySession::discard(sdk::Op op) {
    if (limited_) shared::drop_home_limit(op, place(), place().temp_name, uid_);
    return shared::remove_folder(op, place().dir, place().temp_name);
}

}  // namespace hearth::directory
