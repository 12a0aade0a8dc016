// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <cstdint>
#include <memory>
#include <optional>

#include "plugins/shared/folder_session.hpp"

namespace hearth::subvolume {

/// A home's subvolume while an operation works on it.
class SubvolumeSession final : public shared::FolderSession {
  public:
    /// Makes an empty subvolume under the operation's temporary name, with a limit if one is asked
    /// for.
    static sdk::Result<std::unique_ptr<sdk::Session>> create(const sdk::Place& place,
                                                             std::optional<std::uint64_t> limit);
    /// Opens what is there: a subvolume, or the plain folder that systemd-homed makes where there
    /// is no btrfs.
    static sdk::Result<std::unique_ptr<sdk::Session>> open(const sdk::Place& place);

    sdk::Result<void> resize(sdk::Op op, int root_fd, std::uint64_t bytes, hearth_flags flags,
                             std::uint64_t& actual) override;

  private:
    SubvolumeSession(const sdk::Place& place, sdk::UniqueFd top, bool created, std::uint32_t owner)
        : FolderSession(place, std::move(top), created, owner) {}

    sdk::Result<void> discard(sdk::Op op) override;
};

}  // namespace hearth::subvolume
