// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <cstdint>

#include "plugins/shared/limit.hpp"

namespace hearth::shared {

/// The limit of one home on a file system that counts its files by project, or by owner. By project
/// is better: it counts what is in the folder, and nothing else of the user's.
class FileQuota {
  public:
    enum class By { project, owner };

    /// How the file system that `fd` (O_PATH will do) is on counts the files of a user, who is also
    /// the project. Errors: NOT_SUPPORTED (it does not, and what to do about it).
    static sdk::Result<FileQuota> find(int fd, std::uint32_t uid);

    [[nodiscard]] By by() const { return by_; }
    [[nodiscard]] std::uint32_t id() const { return id_; }
    [[nodiscard]] sdk::Result<Count> count() const;
    /// 0: no limit.
    [[nodiscard]] sdk::Result<void> set_limit(std::uint64_t bytes) const;

  private:
    FileQuota(sdk::UniqueFd fd, By by, std::uint32_t id) : fd_(std::move(fd)), by_(by), id_(id) {}

    sdk::UniqueFd fd_;
    By by_;
    std::uint32_t id_;
};

/// Puts everything in the open folder, and the folder, into a project; what is made in it later
/// follows. Enters no other mount and follows no link. Files that are in it already cost one look
/// each, so that an interrupted run is simply repeated.
sdk::Result<void> assign_project(sdk::Op op, int folder, std::uint32_t project);

}  // namespace hearth::shared
