// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/system/tree.hpp"

namespace hearth::system {

/// Visits everything below a folder, each folder after what is in it. Keeps at most 64 folders
/// open, however deep the tree is. Follows no symbolic link and enters no other mount. For
/// core/system only.
class TreeWalk {
  public:
    /// Called for everything but the top folder itself. `name` lies in `dir_fd`.
    using Visit =
        std::function<Result<void>(int dir_fd, const char* name, const struct stat& info)>;

    TreeWalk(Visit visit, const TreeWatch& watch) : visit_(std::move(visit)), watch_(watch) {}
    /// Errors: tree-read, tree-changed, cancelled, and those of the visit.
    Result<void> run(int top_fd);

  private:
    struct Folder {
        std::string name;
        struct stat info {};
        UniqueFd fd;
        std::vector<std::string> folders;  // still to be entered
    };

    Result<void> enter(UniqueFd fd, std::string name, const struct stat& info);
    Result<void> leave();
    Result<void> step();
    Result<void> look_at(Folder& folder, const char* name);
    static Result<void> reopen_parent(const Folder& child, Folder& parent);
    Result<void> count();

    Visit visit_;
    const TreeWatch& watch_;
    std::vector<Folder> path_;
    std::uint64_t done_ = 0;
};

/// The error for a watch that said stop.
Error tree_cancelled();

}  // namespace hearth::system
