// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <cstdint>

namespace hearth::shared {

/// A home that is a folder, while an operation works on it: handed over as it is, and renamed when
/// it was made by this session.
class FolderSession : public sdk::Session {
  public:
    sdk::Result<void> mount(sdk::Op op, hearth_root& root) override;
    sdk::Result<void> unmount(sdk::Op op) override;
    sdk::Result<void> close(sdk::Op op, std::uint32_t disposition) override;

  protected:
    /// `place` is borrowed until the operation ends, as the session is.
    FolderSession(const sdk::Place& place, sdk::UniqueFd folder, bool created, std::uint32_t owner)
        : place_(place), folder_(std::move(folder)), created_(created), owner_(owner) {}

    [[nodiscard]] const sdk::Place& place() const { return place_; }
    [[nodiscard]] int folder() const { return folder_.get(); }

  private:
    /// Deletes what the session has made; nobody has it open any more.
    virtual sdk::Result<void> discard(sdk::Op op) = 0;

    sdk::Place place_;
    sdk::UniqueFd folder_;
    bool created_;
    std::uint32_t owner_;
};

}  // namespace hearth::shared
