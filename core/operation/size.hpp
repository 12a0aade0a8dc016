// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/storage.h>

#include <cstdint>
#include <optional>

#include "core/base/result.hpp"
#include "core/plugin/manifest.hpp"
#include "core/plugin/storage.hpp"
#include "core/record/effective.hpp"

namespace hearth::operation {

/// Sizes that are no numbers of bytes, as requests and records write them.
inline constexpr std::uint64_t kSmallestSize = 0;
inline constexpr std::uint64_t kLargestSize = UINT64_MAX - 1;
inline constexpr std::uint64_t kRecordedSize = UINT64_MAX;  ///< requests: what the record says

/// The size that a plugin is asked for.
struct SizeGoal {
    std::uint64_t bytes = 0;
    hearth_flags flags = 0;  ///< HEARTH_RESIZE_MIN, HEARTH_RESIZE_MAX: `bytes` does not matter
};

/// Bytes of a share (of 2^32-1) of the largest size. Nothing: that one is not known.
std::optional<std::uint64_t> share_of_largest(std::uint64_t share, const plugin::Usage& usage);
/// The size that the record names. Nothing: it names none, or a share of something unknown.
std::optional<std::uint64_t> recorded_size(const record::Effective& record,
                                           const plugin::Usage& usage);

/// What a request means for this home. Errors: size-missing (the record says nothing),
/// size-too-small (less than what is in it).
Result<SizeGoal> choose_size(std::uint64_t asked, const record::Effective& record,
                             const plugin::Usage& usage);

/// Can the storage do that to a home that is active, or not? `usage.size` is the present size.
/// Errors: size-fixed, size-needs-inactive, size-needs-active.
Result<void> check_can_resize(const plugin::StorageManifest& storage, const std::string& user,
                              bool active, const plugin::Usage& usage, const SizeGoal& goal);

}  // namespace hearth::operation
