// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "core/base/result.hpp"
#include "core/home/root.hpp"
#include "core/record/effective.hpp"

namespace hearth::service {

/// Attempts of strangers, counted for each of them: anybody may try a password on the bus, and none
/// of them may use up the attempts of the home's owner. Survives a restart of the service, not of
/// the machine: windows are minutes.
class CallerLimit {
  public:
    explicit CallerLimit(const home::Root& root) : root_(root) {}

    /// Counts an attempt of `caller` on the home. `now_usec` is since 1970.
    /// Errors: too-many-attempts.
    Result<void> count(const record::Effective& home, uid_t caller, std::uint64_t now_usec);

  private:
    struct Window {
        std::uint64_t begin_usec = 0;
        std::uint64_t count = 0;
    };
    void load();
    void save(std::uint64_t now_usec);

    const home::Root& root_;
    bool loaded_ = false;
    std::map<std::pair<std::string, uid_t>, Window> windows_;
};

}  // namespace hearth::service
