// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/size.hpp"

#include <algorithm>

namespace hearth::operation {

namespace {

constexpr std::uint64_t kWholeShare = UINT32_MAX;

/// "40M", as sizes are typed.
std::string as_size(std::uint64_t bytes) {
    constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
    return bytes < kMiB ? std::to_string(bytes) : std::to_string((bytes + kMiB - 1) / kMiB) + "M";
}

Error size_missing(const std::string& user) {
    return Error(Code::bad_size, "size-missing",
                 "It is not known what size the home of " + user + " should have.")
        .why("None was named, and the record says nothing.")
        .hint("Name one: homectl resize " + user + " SIZE");
}

/// In which direction? A home without a limit is as large as can be.
std::string direction(const plugin::Usage& usage, const SizeGoal& goal) {
    if ((goal.flags & HEARTH_RESIZE_MAX) != 0) return "grow";
    if ((goal.flags & HEARTH_RESIZE_MIN) != 0) return "shrink";
    return usage.size != HEARTH_UNKNOWN_SIZE && goal.bytes < usage.size ? "shrink" : "grow";
}

}  // namespace

std::optional<std::uint64_t> share_of_largest(std::uint64_t share, const plugin::Usage& usage) {
    if (usage.ceiling == HEARTH_UNKNOWN_SIZE) return std::nullopt;
    const std::uint64_t part = std::min(share, kWholeShare);
    // Without a product that could overflow.
    return usage.ceiling / kWholeShare * part + usage.ceiling % kWholeShare * part / kWholeShare;
}

std::optional<std::uint64_t> recorded_size(const record::Effective& record,
                                           const plugin::Usage& usage) {
    if (const auto size = record.number("diskSize"); size && *size != kRecordedSize) return size;
    const auto share = record.number("diskSizeRelative");
    return share ? share_of_largest(*share, usage) : std::nullopt;
}

Result<SizeGoal> choose_size(std::uint64_t asked, const record::Effective& record,
                             const plugin::Usage& usage) {
    if (asked == kRecordedSize) {
        const auto recorded = recorded_size(record, usage);
        if (!recorded) return size_missing(record.user_name());
        asked = *recorded;
    }
    if (asked == kSmallestSize) return SizeGoal{0, HEARTH_RESIZE_MIN};
    if (asked == kLargestSize) return SizeGoal{0, HEARTH_RESIZE_MAX};
    if (usage.floor == HEARTH_UNKNOWN_SIZE || asked >= usage.floor) return SizeGoal{asked, 0};
    return Error(Code::bad_size, "size-too-small",
                 "The home of " + record.user_name() + " cannot be made as small as " +
                     as_size(asked) + ".")
        .why("What is in it takes " + as_size(usage.used) + ".")
        .hint("Delete files first, or choose at least " + as_size(usage.floor) + ".");
}

Result<void> check_can_resize(const plugin::StorageManifest& storage, const std::string& user,
                              bool active, const plugin::Usage& usage, const SizeGoal& goal) {
    const std::string verb = direction(usage, goal);
    const bool online = storage.has("resize-online") || storage.has(verb + "-online");
    const bool offline = storage.has("resize-offline") || storage.has(verb + "-offline");
    if (active ? online : offline) return ok();
    if (!online && !offline) {
        return Error(Code::not_supported, "size-fixed",
                     "The home of " + user + " cannot " + verb + ".")
            .why("The storage " + storage.name + " cannot do that.");
    }
    if (active) {
        return Error(verb == "shrink" ? Code::shrink_offline_only : Code::home_active,
                     "size-needs-inactive",
                     "The home of " + user + " can " + verb + " only while it is not active.")
            .hint("Deactivate it first with: homectl deactivate " + user);
    }
    return Error(Code::home_not_active, "size-needs-active",
                 "The home of " + user + " can " + verb + " only while it is active.")
        .hint("Activate it first with: homectl activate " + user);
}

}  // namespace hearth::operation
