// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>

namespace hearth::secret {

/// While it exists, memory that the process maps is locked and present at once. For the work area
/// of a password hash, which libcrypt maps itself: its pages hold what follows from the password,
/// and faulting each of them in takes an eighth of the hash's time.
///
/// What was mapped before stays locked as far as it is used, also afterwards: a process that
/// handles passwords has nothing in memory that should be swapped out. Where locked memory is
/// limited it does nothing, because the secrets themselves need what there is. One at a time in a
/// process.
class LockedWork {
  public:
    LockedWork() noexcept;
    LockedWork(const LockedWork&) = delete;
    LockedWork& operator=(const LockedWork&) = delete;
    ~LockedWork();

    /// No: locked memory is limited.
    [[nodiscard]] bool holds() const { return holds_; }

    /// Maps memory as mmap() does when one exists that holds, but in huge pages as far as the
    /// kernel has some. Half of the time of a hash goes into finding its small ones. MAP_FAILED,
    /// with errno.
    [[nodiscard]] static void* map_huge(std::size_t size) noexcept;
    /// Is there one that holds?
    [[nodiscard]] static bool is_on() noexcept;

  private:
    bool holds_ = false;
};

}  // namespace hearth::secret
