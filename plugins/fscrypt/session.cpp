// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session.hpp"

#include <algorithm>
#include <utility>

#include "plugins/shared/home_folder.hpp"
#include "plugins/shared/home_limit.hpp"
#include "rekey.hpp"
#include "volume_key.hpp"

namespace hearth::fscrypt {

namespace {

constexpr std::uint32_t kWarning = 4;

/// What the slots have now, so that a home stays readable for whoever made it.
SlotFormat format_of(const std::vector<StoredSlot>& slots) {
    const bool is_v1 = std::any_of(slots.begin(), slots.end(), [](const StoredSlot& stored) {
        const auto slot = parse_slot(stored.text);
        return slot && slot->format == SlotFormat::v1;
    });
    return is_v1 ? SlotFormat::v1 : SlotFormat::v2;
}

}  // namespace

sdk::Result<std::unique_ptr<sdk::Session>> FscryptSession::create(sdk::Op op,
                                                                  const sdk::Place& place,
                                                                  const NewHome& wanted,
                                                                  sdk::Credentials credentials) {
    // Said before any work is done; close() makes sure of it again.
    if (shared::exists(place)) return shared::exists_already(place);
    HEARTH_SDK_CHECK(check_place(place));
    HEARTH_SDK_TRY(key, make_volume_key(op));
    HEARTH_SDK_TRY(policy, policy_for(key.bytes(), wanted.format == SlotFormat::v1 ? 1 : 2));
    HEARTH_SDK_TRY(folder, shared::make_folder(place));
    std::unique_ptr<FscryptSession> session(new FscryptSession(
        place, wanted.uid, {std::move(folder), policy, {}}, std::move(key), wanted.format));
    session->created_ = true;
    if (auto prepared = session->prepare(op, wanted, credentials); !prepared) {
        static_cast<void>(session->discard(op));
        return std::move(prepared).error();
    }
    return std::unique_ptr<sdk::Session>(std::move(session));
}

/// Encrypted before the first file is in it, so that all of them are.
sdk::Result<void> FscryptSession::prepare(sdk::Op op, const NewHome& wanted,
                                          sdk::Credentials credentials) {
    HEARTH_SDK_TRY(slots, make_slots(op, {}, {}, credentials, format_, key_.bytes()));
    HEARTH_SDK_CHECK(put_key(op));
    HEARTH_SDK_CHECK(set_policy(medium_.folder.get(), medium_.policy));
    HEARTH_SDK_CHECK(write_slots(medium_.folder.get(), slots.made));
    write_owners(medium_.folder.get(), slots.owners);
    limited_ = wanted.limit.has_value();
    return limited_ ? shared::set_home_limit(op, medium_.folder.get(), uid_, *wanted.limit)
                    : sdk::ok();
}

sdk::Result<std::unique_ptr<sdk::Session>> FscryptSession::open(sdk::Op op, const sdk::Place& place,
                                                                std::uint32_t uid,
                                                                std::optional<SlotFormat> wanted) {
    HEARTH_SDK_TRY(medium, open_medium(place, place.name));
    HEARTH_SDK_TRY(key, find_volume_key(op, medium.policy, medium.slots));
    HEARTH_SDK_TRY(file_system, open_file_system(place));
    HEARTH_SDK_TRY(state, key_state(file_system.get(), medium.policy));
    // Active, but not by Hearth: then only the user's processes have the key.
    if (state == KeyState::absent) HEARTH_SDK_CHECK(lend_key(op, medium.policy, key.bytes()));
    const SlotFormat format = wanted.value_or(format_of(medium.slots));
    return std::unique_ptr<sdk::Session>(
        new FscryptSession(place, uid, std::move(medium), std::move(key), format));
}

sdk::Result<void> FscryptSession::put_key(sdk::Op op) {
    HEARTH_SDK_TRY(file_system, open_file_system(place_));
    HEARTH_SDK_CHECK(add_key(op, file_system.get(), medium_.policy, key_.bytes()));
    in_kernel_ = true;
    return sdk::ok();
}

void FscryptSession::take_key(sdk::Op op) {
    // The folder's own descriptor would keep the key busy.
    medium_.folder.reset();
    if (!std::exchange(in_kernel_, false)) return;
    if (auto locked = lock_medium(op, place_, medium_.policy); !locked)
        op.log(kWarning, locked.error().text());
}

sdk::Result<void> FscryptSession::mount(sdk::Op op, hearth_root& root) {
    // Core mounts inactive homes only, so whatever key may be left in the kernel is ours to remove.
    HEARTH_SDK_CHECK(put_key(op));
    HEARTH_SDK_CHECK(take_back_key(op, medium_.policy));
    HEARTH_SDK_TRY(owner, shared::owner_of(medium_.folder.get()));
    shared::fill_root(root, medium_.folder.get(), created_ ? HEARTH_OWNER_USER : owner);
    return sdk::ok();
}

sdk::Result<void> FscryptSession::unmount(sdk::Op) {
    return sdk::ok();
}

sdk::Result<void> FscryptSession::resize(sdk::Op op, int, std::uint64_t bytes, hearth_flags flags,
                                         std::uint64_t& actual) {
    return shared::resize_home(op, place_, medium_.folder.get(), uid_, bytes, flags, actual);
}

sdk::Result<void> FscryptSession::rekey_prepare(sdk::Op op, sdk::Credentials credentials) {
    const int folder = medium_.folder.get();
    HEARTH_SDK_TRY(there, read_slots(folder));
    // Where no slot says whose it is, one that is sealed anew does.
    HEARTH_SDK_TRY(slots,
                   make_slots(op, there, read_owners(folder), credentials, format_, key_.bytes()));
    HEARTH_SDK_TRY(plan, plan_for(there, slots));
    // On disk before the first of the slots is, so that recovery finds all of them.
    HEARTH_SDK_CHECK(op.note(to_note(plan)));
    HEARTH_SDK_CHECK(write_slots(folder, slots.made));
    HEARTH_SDK_CHECK(remember_owners(folder, slots));
    plan_ = std::move(plan);
    return sdk::ok();
}

sdk::Result<void> FscryptSession::rekey_finish(sdk::Op, bool commit) {
    if (!plan_) return sdk::ok();
    const int folder = medium_.folder.get();
    HEARTH_SDK_CHECK(commit ? drop_old(folder, *plan_) : drop_new(folder, *plan_));
    plan_.reset();
    return sdk::ok();
}

sdk::Result<void> FscryptSession::close(sdk::Op op, std::uint32_t disposition) {
    if (disposition == HEARTH_CLOSE_KEEP_ACTIVE) return sdk::ok();
    if (disposition == HEARTH_CLOSE_ROLLBACK) {
        if (created_) return discard(op);
        take_key(op);
        return sdk::ok();
    }
    auto synced = shared::sync_folder(medium_.folder.get(), place_.name);
    if (synced && created_) synced = shared::publish(op, place_);
    take_key(op);
    return synced;
}

sdk::Result<void> FscryptSession::discard(sdk::Op op) {
    take_key(op);
    if (limited_) shared::drop_home_limit(op, place_, place_.temp_name, uid_);
    return shared::remove_folder(op, place_.dir, place_.temp_name);
}

}  // namespace hearth::fscrypt
