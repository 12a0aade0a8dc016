// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <optional>

#include "core/operation/common.hpp"
#include "core/operation/home_access.hpp"
#include "core/operation/size.hpp"
#include "core/operation/verbs.hpp"

namespace hearth::operation {

namespace {

/// A home becomes smaller in parts of this size, because only between two of them it can be
/// stopped: by whoever wants something of the home meanwhile.
constexpr std::uint64_t kPart = std::uint64_t{512} << 20;

Error not_now(const std::string& user) {
    return Error(Code::home_busy, "home-busy",
                 "An interrupted change of the home of " + user + " is not finished yet.")
        .hint("It is finished when the home is opened with its password.");
}

/// The journal of a change that waits for the password must not be lost.
Result<void> require_free(Operation& op, HomeAccess& home) {
    HEARTH_CHECK(home.require_active());
    if (op.waits_for_opening()) return not_now(op.user());
    HEARTH_TRY(found, op.find_storage(home.storage_name()));
    if (found.manifest->has("rebalance")) return ok();
    return Error(Code::not_supported, "size-fixed",
                 "The home of " + op.user() + " cannot change its size without its password.")
        .why("The storage " + found.manifest->name + " cannot do that.");
}

/// Nothing: it has that size, or what is nearest to it, already.
Result<std::optional<std::uint64_t>> choose(Operation& op, HomeAccess& home) {
    HEARTH_TRY(storage, home.provider());
    HEARTH_TRY(usage, storage->usage(home.view(), home.root_fd()));
    std::uint64_t goal = op.request().size;
    if (usage.ceiling != HEARTH_UNKNOWN_SIZE) goal = std::min(goal, usage.ceiling);
    if (usage.floor != HEARTH_UNKNOWN_SIZE) goal = std::max(goal, usage.floor);
    if (usage.size == HEARTH_UNKNOWN_SIZE || goal == usage.size)
        return std::optional<std::uint64_t>();
    return std::optional(goal);
}

Result<void> grow(HomeAccess& home, std::uint64_t goal) {
    HEARTH_TRY(medium, home.medium());
    HEARTH_TRY(actual, medium->resize(home.root_fd(), goal, HEARTH_RESIZE_GROW_ONLY));
    (void)actual;
    return ok();
}

Result<void> shrink(Operation& op, HomeAccess& home, std::uint64_t size, std::uint64_t goal) {
    HEARTH_TRY(medium, home.medium());
    while (size > goal && !op.cancelled()) {
        const std::uint64_t next = size - std::min(size - goal, kPart);
        HEARTH_TRY(actual, medium->resize(home.root_fd(), next, HEARTH_RESIZE_SHRINK_ONLY));
        if (actual >= size) return ok();
        size = actual;
    }
    return ok();
}

Result<void> change(Operation& op, HomeAccess& home, std::uint64_t goal) {
    HEARTH_TRY(storage, home.provider());
    HEARTH_TRY(usage, storage->usage(home.view(), home.root_fd()));
    return goal > usage.size ? grow(home, goal) : shrink(op, home, usage.size, goal);
}

}  // namespace

Result<record::UserRecord> rebalance(Operation& op) {
    HEARTH_TRY(host_record, load_trusted(op));
    HomeAccess home(op, std::move(host_record));
    std::optional<std::uint64_t> goal;
    const auto if_wanted = [&](auto&& step) { return goal ? step() : ok(); };
    HEARTH_CHECK(op.run({
        {"looking whether the home can change its size", [&] { return require_free(op, home); }},
        {"opening the home", [&] { return home.open(); }, [&] { home.roll_back(); }},
        {"choosing its size",
         [&]() -> Result<void> {
             HEARTH_TRY(chosen, choose(op, home));
             goal = chosen;
             return ok();
         }},
        {"writing the journal",
         [&] {
             return if_wanted(
                 [&] { return op.write_intent(home.storage_name(), system::Durability::synced); });
         }},
        {"changing its size",
         [&] { return if_wanted([&] { return change(op, home, *goal); }); },
         {},
         true},
        {"closing the medium", [&] { return home.close(HEARTH_CLOSE_COMMIT); }},
    }));
    return std::move(home.record());
}

}  // namespace hearth::operation
