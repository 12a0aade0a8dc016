// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <cstdint>
#include <optional>

// What a home in a folder may take, where the file system counts by project or by owner. `uid` is
// the user's on this machine. An owner that the folder has from another machine is the one whose
// files count.

namespace hearth::shared {

/// The limit that the record asks for here. Errors: BAD_SIZE, NOT_SUPPORTED (one is asked for, and
/// nothing counts; says what to do).
sdk::Result<std::optional<std::uint64_t>> limit_for(const sdk::Place& place,
                                                    const sdk::Record& record);

/// Limits the home in the open folder, all of whose files are counted from then on.
sdk::Result<void> set_home_limit(sdk::Op op, int folder, std::uint32_t uid, std::uint64_t bytes);
/// Takes the limit away from a home that is about to be deleted, whose name is one of the
/// operation's: it would only be a nuisance to whoever gets the number next. Only logs what goes
/// wrong.
void drop_home_limit(sdk::Op op, const sdk::Place& place, const char* name,
                     const sdk::Record& record);
void drop_home_limit(sdk::Op op, const sdk::Place& place, const char* name, std::uint32_t uid);

/// Changes it as hearth_storage.resize does.
sdk::Result<void> resize_home(sdk::Op op, const sdk::Place& place, int folder, std::uint32_t uid,
                              std::uint64_t bytes, hearth_flags flags, std::uint64_t& actual);

/// Fills in what is known about an open home.
sdk::Result<void> usage_of(const sdk::Place& place, int folder, std::uint32_t uid,
                           hearth_usage& out);

/// After an interrupted change: the limit as the host's record has it, the old one or the new one.
sdk::Result<void> restore_limit(sdk::Op op, const sdk::Place& place, const sdk::Record& record);

}  // namespace hearth::shared
