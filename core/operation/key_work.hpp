// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <malloc.h>

#include <optional>
#include <string>

#include "core/operation/operation.hpp"
#include "core/secret/locked_work.hpp"

namespace hearth::operation {

/// While it exists, a plugin derives keys. What libraries map for that (argon2: 64 MiB and more) is
/// locked and present at once, as for password hashes; media without keys are left alone.
///
/// What they free stays with the process, which ends with its operation anyway: a header of LUKS2
/// takes three buffers of 4 MiB each time it is written, and finding pages for them anew costs more
/// than all that is done in them.
class KeyWork {
  public:
    KeyWork(Operation& op, const std::string& storage) {
        const auto found = op.find_storage(storage);
        if (!found || found->manifest->credentials != plugin::Credentials::slots) return;
        mallopt(M_MMAP_THRESHOLD, kKept);
        mallopt(M_TRIM_THRESHOLD, kKept);
        locked_.emplace();
    }

  private:
    static constexpr int kKept = 32 << 20;  // the most that the allocator takes for the first

    std::optional<secret::LockedWork> locked_;
};

}  // namespace hearth::operation
