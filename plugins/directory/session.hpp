// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <cstdint>
#include <memory>
#include <optional>

#include "plugins/shared/folder_session.hpp"

namespace hearth::directory {

/// Bytes that a home may take; nothing: as many as there are.
using Limit = std::optional<std::uint64_t>;

/// A home's folder while an operation works on it.
class DirectorySession final : public shared::FolderSession {
  public:
    /// Makes an empty folder under the operation's temporary name.
    static sdk::Result<std::unique_ptr<sdk::Session>> create(sdk::Op op, const sdk::Place& place,
                                                             std::uint32_t uid, Limit limit);
    /// Opens the folder that is there.
    static sdk::Result<std::unique_ptr<sdk::Session>> open(const sdk::Place& place,
                                                           std::uint32_t uid);

    sdk::Result<void> resize(sdk::Op op, int root_fd, std::uint64_t bytes, hearth_flags flags,
                             std::uint64_t& actual) override;

  private:
    DirectorySession(const sdk::Place& place, sdk::UniqueFd folder, bool created,
                     std::uint32_t owner, std::uint32_t uid)
        : FolderSession(place, std::move(folder), created, owner), uid_(uid) {}

    sdk::Result<void> discard(sdk::Op op) override;

    std::uint32_t uid_;
    bool limited_ = false;
};

}  // namespace hearth::directory
