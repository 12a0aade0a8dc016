// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rekey.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace hearth::luks {

namespace {

/// What a token gives is random: stretching it would only cost time.
KeyDerivation derivation_for(const hearth_credential& credential, const KeyDerivation& derivation) {
    if (credential.kind != HEARTH_CREDENTIAL_TOKEN) return derivation;
    KeyDerivation out = derivation;
    out.type = "pbkdf2";
    out.memory_kib = out.threads = 0;
    out.iterations = 1000;
    return out;
}

sdk::Error without_secret(sdk::Credentials credentials) {
    const bool token = std::any_of(credentials.begin(), credentials.end(), [](const auto& one) {
        return one.secret == nullptr && one.kind == HEARTH_CREDENTIAL_TOKEN;
    });
    return {token ? HEARTH_E_NEED_TOKEN : HEARTH_E_BAD_SECRET,
            "every password, recovery key and token of the home is needed at once, because key "
            "slots do not say whose they are"};
}

/// The slots that stay, as the header says; nothing: it does not say it of all of them.
std::optional<std::vector<KeySlot>> known_to_stay(const std::vector<KeySlot>& there,
                                                  const SlotOwners& owners,
                                                  sdk::Credentials credentials) {
    std::vector<KeySlot> out;
    for (const hearth_credential& credential : credentials) {
        if (credential.secret != nullptr) continue;
        const KeySlot* slot = slot_of(credential, there, owners);
        if (slot == nullptr) return std::nullopt;
        out.push_back(*slot);
    }
    return out;
}

/// With no more than one slot there is nothing to tell apart. Where there is no room for it, or no
/// way to write it, all secrets have to be at hand for the next change.
void tell_owners(LuksVolume& volume, const std::map<int, std::string>& added) {
    const auto there = volume.slots();
    if (!there || there->size() < 2) return;
    SlotOwners owners = owners_in(volume);
    for (const KeySlot& slot : *there)
        if (const auto owner = added.find(slot.number); owner != added.end())
            owners[slot.mark] = owner->second;
    static_cast<void>(volume.set_token(kOwnersType, to_json(owners, *there)));
}

}  // namespace

sdk::Result<void> add_slots(sdk::Op op, LuksVolume& volume, sdk::Secret& key,
                            const KeyDerivation& derivation, sdk::Credentials credentials,
                            Proof proof) {
    if (credentials.empty())
        return sdk::Error(HEARTH_E_NO_AUTH_CONFIGURED, "the home would have no password at all");
    std::map<int, std::string> added;
    sdk::Result<void> result = sdk::ok();
    for (const hearth_credential& credential : credentials) {
        if (credential.secret == nullptr) continue;
        if (op.cancelled()) result = sdk::Error(HEARTH_E_CANCELLED, "cancelled between two slots");
        if (!result) break;
        op.progress(added.size(), credentials.size(), "adding key slots");
        const sdk::SecretView secret(credential.secret);
        auto slot = volume.add_slot(derivation_for(credential, derivation), key, secret);
        if (slot) added[*slot] = owner_of(credential);
        if (!slot) result = std::move(slot).error();
        if (result && proof == Proof::opened) result = volume.prove_slot(*slot, secret);
    }
    if (result) {
        tell_owners(volume, added);
        return result;
    }
    for (const auto& one : added) static_cast<void>(volume.drop_slot(one.first));
    return result;
}

sdk::Result<Plan> plan_change(const std::vector<KeySlot>& there, const SlotOwners& owners,
                              int opened, sdk::Credentials credentials) {
    const auto to_keep = static_cast<std::size_t>(
        std::count_if(credentials.begin(), credentials.end(),
                      [](const hearth_credential& one) { return one.secret == nullptr; }));
    const auto known = known_to_stay(there, owners, credentials);
    Plan plan;
    for (const KeySlot& slot : there) {
        const bool stays = known ? std::find(known->begin(), known->end(), slot) != known->end()
                                 : slot.number != opened;
        (stays ? plan.kept : plan.going).push_back(slot);
    }
    if (!known && (opened < 0 || plan.kept.size() != to_keep)) return without_secret(credentials);
    return plan;
}

sdk::Result<void> drop_slots(LuksVolume& volume, const std::vector<KeySlot>& slots) {
    for (const KeySlot& slot : slots) HEARTH_SDK_CHECK(volume.drop_slot(slot.number));
    return sdk::ok();
}

}  // namespace hearth::luks
