// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rekey.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

namespace hearth::fscrypt {

namespace {

std::uint32_t free_number(const std::vector<StoredSlot>& there,
                          const std::vector<StoredSlot>& made) {
    const auto is_taken = [&](std::uint32_t number) {
        const auto same = [number](const StoredSlot& slot) { return slot.number == number; };
        return std::any_of(there.begin(), there.end(), same) ||
               std::any_of(made.begin(), made.end(), same);
    };
    std::uint32_t number = 0;
    while (is_taken(number)) ++number;
    return number;
}

/// Opens what was sealed with the key that sealed it: another derivation would tell nothing more.
sdk::Result<void> verify(sdk::Op op, const std::string& text, SecretBytes derived,
                         SecretBytes volume_key) {
    HEARTH_SDK_TRY(slot, parse_slot(text));
    HEARTH_SDK_TRY(again, op.new_secret(volume_key.size()));
    HEARTH_SDK_TRY(opened, open_slot(slot, derived, again.bytes()));
    if (opened && std::memcmp(again.bytes().data(), volume_key.data(), volume_key.size()) == 0)
        return sdk::ok();
    return sdk::Error(HEARTH_E_INTERNAL, "a new key slot does not open");
}

sdk::Result<std::string> seal(sdk::Op op, sdk::SecretView password, SlotFormat format,
                              SecretBytes volume_key) {
    Slot slot;
    slot.format = format;
    slot.rounds = format == SlotFormat::v1 ? kRoundsV1 : kRoundsV2;
    slot.salt.assign(kSaltSize, 0);
    HEARTH_SDK_CHECK(fill_random(std::span<std::uint8_t>(slot.salt)));
    HEARTH_SDK_TRY(derived, op.new_secret(kDerivedSize));
    HEARTH_SDK_CHECK(derive_key(password.text(), slot.salt, slot.rounds, derived.bytes()));
    HEARTH_SDK_CHECK(seal_slot(slot, derived.bytes(), volume_key));
    std::string text = to_text(slot);
    HEARTH_SDK_CHECK(verify(op, text, derived.bytes(), volume_key));
    return text;
}

sdk::Error without_secret(const hearth_credential& credential) {
    const hearth_status code =
        credential.kind == HEARTH_CREDENTIAL_TOKEN ? HEARTH_E_NEED_TOKEN : HEARTH_E_BAD_SECRET;
    return {code,
            "every password, recovery key and token of the home is needed at once, because key "
            "slots do not say whose they are"};
}

sdk::Result<SlotMark> mark_of(const StoredSlot& slot) {
    HEARTH_SDK_TRY(hash, short_hash(slot.text));
    return SlotMark{slot.number, hash};
}

/// The slot of a credential, if it is known, and if it can stay: one of another format goes as soon
/// as that is possible.
sdk::Result<std::optional<SlotMark>> slot_of(const std::vector<StoredSlot>& there,
                                             const std::vector<SlotOwner>& owners,
                                             const hearth_credential& credential,
                                             SlotFormat format) {
    for (const StoredSlot& slot : there) {
        HEARTH_SDK_TRY(mark, mark_of(slot));
        const SlotOwner wanted{mark, owner_id(credential)};
        if (std::find(owners.begin(), owners.end(), wanted) == owners.end()) continue;
        const auto parsed = parse_slot(slot.text);
        const bool stays = credential.secret == nullptr || (parsed && parsed->format == format);
        return stays ? std::optional(mark) : std::nullopt;
    }
    return std::optional<SlotMark>();
}

std::vector<SlotMark> both(const std::vector<SlotMark>& some, const std::vector<SlotMark>& more) {
    std::vector<SlotMark> out = some;
    out.insert(out.end(), more.begin(), more.end());
    return out;
}

/// Which of the marks are on the folder as they were?
sdk::Result<std::vector<SlotMark>> present(int folder, const std::vector<SlotMark>& marks) {
    HEARTH_SDK_TRY(there, read_slots(folder));
    std::vector<SlotMark> out;
    for (const StoredSlot& slot : there) {
        HEARTH_SDK_TRY(mark, mark_of(slot));
        if (std::find(marks.begin(), marks.end(), mark) != marks.end()) out.push_back(mark);
    }
    return out;
}

sdk::Result<void> put_on_disk(int folder) {
    if (fsync(folder) == 0) return sdk::ok();
    return sdk::sys_error(errno, "the key slots cannot be put on the disk");
}

sdk::Result<void> drop(int folder, const std::vector<SlotMark>& marks,
                       const std::vector<SlotMark>& keep) {
    HEARTH_SDK_TRY(kept, present(folder, keep));
    // Somebody else has changed the passwords meanwhile: then it is their slots that count.
    if (keep.empty() || kept.size() != keep.size()) return sdk::ok();
    HEARTH_SDK_TRY(going, present(folder, marks));
    for (const SlotMark& mark : going) HEARTH_SDK_CHECK(remove_slot(folder, mark.number));
    return put_on_disk(folder);
}

sdk::Result<void> write_and_look(int folder, const StoredSlot& slot) {
    HEARTH_SDK_CHECK(write_slot(folder, slot));
    HEARTH_SDK_TRY(there, read_slots(folder));
    for (const StoredSlot& other : there)
        if (other.number == slot.number && other.text == slot.text) return sdk::ok();
    return sdk::Error(HEARTH_E_IO, "a new key slot does not read as it was written");
}

}  // namespace

sdk::Result<Slots> make_slots(sdk::Op op, const std::vector<StoredSlot>& there,
                              const std::vector<SlotOwner>& owners, sdk::Credentials credentials,
                              SlotFormat format, SecretBytes volume_key) {
    if (credentials.empty())
        return sdk::Error(HEARTH_E_NO_AUTH_CONFIGURED, "the home would have no password at all");
    if (there.size() + credentials.size() > kMaxSlots)
        return sdk::Error(HEARTH_E_NO_SPACE, "the home would have more key slots than is allowed");
    Slots out;
    for (const hearth_credential& credential : credentials) {
        HEARTH_SDK_TRY(own, slot_of(there, owners, credential, format));
        if (own) {
            out.kept.push_back(*own);
            out.owners.push_back({*own, owner_id(credential)});
            continue;
        }
        if (credential.secret == nullptr) return without_secret(credential);
        if (op.cancelled()) return sdk::Error(HEARTH_E_CANCELLED, "cancelled between two slots");
        op.progress(out.made.size(), credentials.size(), "sealing the key for a password");
        HEARTH_SDK_TRY(text, seal(op, sdk::SecretView(credential.secret), format, volume_key));
        out.made.push_back({free_number(there, out.made), std::move(text)});
        HEARTH_SDK_TRY(mark, mark_of(out.made.back()));
        out.owners.push_back({mark, owner_id(credential)});
    }
    return out;
}

sdk::Result<void> write_slots(int folder, const std::vector<StoredSlot>& slots) {
    sdk::Result<void> result = sdk::ok();
    std::size_t written = 0;
    while (result && written < slots.size()) result = write_and_look(folder, slots[written++]);
    if (result) result = put_on_disk(folder);
    if (result) return result;
    for (std::size_t i = 0; i < written; ++i)
        static_cast<void>(remove_slot(folder, slots[i].number));
    return result;
}

sdk::Result<void> remember_owners(int folder, const Slots& slots) {
    std::vector<SlotOwner> owners = slots.owners;
    for (const SlotOwner& old : read_owners(folder)) {
        HEARTH_SDK_TRY(there, present(folder, {old.mark}));
        const bool known = std::find(owners.begin(), owners.end(), old) != owners.end();
        if (!there.empty() && !known) owners.push_back(old);
    }
    write_owners(folder, owners);
    return sdk::ok();
}

sdk::Result<Plan> plan_for(const std::vector<StoredSlot>& there, const Slots& slots) {
    Plan plan;
    plan.kept_slots = slots.kept;
    for (const auto& slot : there) {
        HEARTH_SDK_TRY(mark, mark_of(slot));
        const bool stays =
            std::find(slots.kept.begin(), slots.kept.end(), mark) != slots.kept.end();
        if (!stays) plan.old_slots.push_back(mark);
    }
    for (const auto& slot : slots.made) {
        HEARTH_SDK_TRY(mark, mark_of(slot));
        plan.new_slots.push_back(mark);
    }
    return plan;
}

sdk::Result<void> drop_old(int folder, const Plan& plan) {
    return drop(folder, plan.old_slots, both(plan.new_slots, plan.kept_slots));
}

sdk::Result<void> drop_new(int folder, const Plan& plan) {
    return drop(folder, plan.new_slots, both(plan.old_slots, plan.kept_slots));
}

sdk::Result<bool> has_old(int folder, const Plan& plan) {
    const auto keep = both(plan.new_slots, plan.kept_slots);
    HEARTH_SDK_TRY(kept, present(folder, keep));
    if (keep.empty() || kept.size() != keep.size()) return false;
    HEARTH_SDK_TRY(going, present(folder, plan.old_slots));
    return !going.empty();
}

}  // namespace hearth::fscrypt
