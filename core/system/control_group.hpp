// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/unique_fd.hpp"

namespace hearth::system {

/// What a child and all that it starts may take, counted together.
struct GroupLimits {
    std::uint64_t memory = 0;     ///< bytes; nothing of it is swapped out
    std::uint64_t processes = 0;  ///< threads, to be exact
};

/// A cgroup for one child. Removed together with this; if something is in it still, when the next
/// one is made.
class ControlGroup {
  public:
    using Names = std::shared_ptr<std::vector<std::string>>;

    /// `left`: where its name goes if it has to stay.
    ControlGroup(UniqueFd parent, std::string name, UniqueFd folder, Names left)
        : parent_(std::move(parent)),
          name_(std::move(name)),
          folder_(std::move(folder)),
          left_(std::move(left)) {}
    ControlGroup(ControlGroup&&) = default;
    ControlGroup& operator=(ControlGroup&& other) noexcept;
    ~ControlGroup();

    /// Its folder in cgroupfs: what a child is started in, and what rules about devices hold for.
    [[nodiscard]] int fd() const { return folder_.get(); }
    /// Has the kernel ended something in it because it took more than its memory?
    [[nodiscard]] bool ran_out_of_memory() const;

  private:
    void remove();

    UniqueFd parent_;
    std::string name_;
    UniqueFd folder_;
    Names left_;
};

/// The part of the tree of cgroups that the system manager gave to this process (Delegate= in a
/// unit).
class ControlGroups {
  public:
    /// Moves this process into a part of it, for good, because a cgroup has either processes or
    /// parts; and removes what an earlier process left. That takes some milliseconds. Nothing:
    /// there is none that was given, or its parts cannot be limited.
    static std::optional<ControlGroups> take_over();

    /// Nothing: the kernel does not let it be.
    std::optional<ControlGroup> make(const GroupLimits& limits);

  private:
    explicit ControlGroups(UniqueFd folder) : folder_(std::move(folder)) {}

    UniqueFd folder_;
    ControlGroup::Names left_ = std::make_shared<std::vector<std::string>>();
    std::uint64_t last_ = 0;
};

}  // namespace hearth::system
