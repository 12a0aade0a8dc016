// SPDX-License-Identifier: LGPL-2.1-or-later
#include "volume_key.hpp"

#include <cstring>
#include <optional>

namespace hearth::fscrypt {

namespace {

using Found = std::optional<sdk::Secret>;

sdk::Result<Found> kept_key(sdk::Op op, const Policy& policy) {
    const sdk::SecretView kept = op.secret(HEARTH_SECRET_VOLUME_KEY, 0);
    if (kept.size() != kVolumeKeySize) return Found();
    HEARTH_SDK_TRY(key, op.new_secret(kVolumeKeySize));
    std::memcpy(key.bytes().data(), kept.text().data(), kVolumeKeySize);
    if (!is_key_of(policy, key.bytes())) return Found();
    return Found(std::move(key));
}

/// All of them before the first is tried: a damaged slot is the same error whatever the password.
sdk::Result<std::vector<Slot>> parse_all(const std::vector<StoredSlot>& stored) {
    std::vector<Slot> out;
    for (const StoredSlot& one : stored) {
        auto slot = parse_slot(one.text);
        if (!slot)
            return sdk::Error(slot.error().code(),
                              slot.error().text() + " (slot " + std::to_string(one.number) + ")");
        out.push_back(std::move(*slot));
    }
    return out;
}

std::vector<sdk::SecretView> candidates_of(sdk::Op op) {
    std::vector<sdk::SecretView> out;
    for (const std::uint32_t kind :
         {HEARTH_SECRET_TOKEN, HEARTH_SECRET_RECOVERY_KEY, HEARTH_SECRET_PASSWORD})
        for (std::size_t i = 0; i < op.secret_count(kind); ++i) out.push_back(op.secret(kind, i));
    return out;
}

sdk::Result<Found> try_slot(sdk::Op op, const Policy& policy, const Slot& slot,
                            sdk::SecretView password) {
    HEARTH_SDK_TRY(derived, op.new_secret(kDerivedSize));
    HEARTH_SDK_TRY(key, op.new_secret(kVolumeKeySize));
    HEARTH_SDK_CHECK(derive_key(password.text(), slot.salt, slot.rounds, derived.bytes()));
    HEARTH_SDK_TRY(opened, open_slot(slot, derived.bytes(), key.bytes()));
    if (!opened || !is_key_of(policy, key.bytes())) return Found();
    return Found(std::move(key));
}

}  // namespace

sdk::Result<sdk::Secret> find_volume_key(sdk::Op op, const Policy& policy,
                                         const std::vector<StoredSlot>& stored) {
    HEARTH_SDK_TRY(kept, kept_key(op, policy));
    if (kept) return std::move(*kept);
    HEARTH_SDK_TRY(slots, parse_all(stored));
    if (slots.empty())
        return sdk::Error(HEARTH_E_CORRUPT, "the home is encrypted, and has no key slots");
    for (const sdk::SecretView password : candidates_of(op)) {
        for (const Slot& slot : slots) {
            if (op.cancelled())
                return sdk::Error(HEARTH_E_CANCELLED, "cancelled between two tries");
            // A slow machine takes long for one, and who says nothing is taken for dead.
            op.progress(0, 0, "trying a password");
            HEARTH_SDK_TRY(found, try_slot(op, policy, slot, password));
            if (found) return std::move(*found);
        }
    }
    return sdk::Error(HEARTH_E_BAD_SECRET, "no password opens one of the key slots");
}

sdk::Result<sdk::Secret> make_volume_key(sdk::Op op) {
    HEARTH_SDK_TRY(key, op.new_secret(kVolumeKeySize));
    HEARTH_SDK_CHECK(fill_random(key.bytes()));
    return sdk::Result<sdk::Secret>(std::move(key));
}

}  // namespace hearth::fscrypt
