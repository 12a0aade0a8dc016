// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>
#include <hearth/sdk/tree.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace hearth::directory {

/// A home's folder while an operation works on it.
class DirectorySession final : public sdk::Session {
  public:
    /// Makes an empty folder under the operation's temporary name.
    static sdk::Result<std::unique_ptr<sdk::Session>> create(const sdk::Place& place);
    /// Opens the folder that is there.
    static sdk::Result<std::unique_ptr<sdk::Session>> open(const sdk::Place& place);

    sdk::Result<void> mount(sdk::Op op, hearth_root& root) override;
    sdk::Result<void> unmount(sdk::Op op) override;
    sdk::Result<void> close(sdk::Op op, std::uint32_t disposition) override;

  private:
    DirectorySession(const sdk::Place& place, sdk::UniqueFd folder, bool created,
                     std::uint32_t owner);

    sdk::Result<void> discard();
    sdk::Result<void> publish();

    sdk::Place place_;  // borrowed until the operation ends, as this session is
    sdk::UniqueFd folder_;
    bool created_;
    std::uint32_t owner_;
};

/// Makes what happened in a folder durable, by an fd that may be O_PATH.
sdk::Result<void> sync_folder(int fd, const char* what);

}  // namespace hearth::directory
