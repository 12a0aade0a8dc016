// SPDX-License-Identifier: LGPL-2.1-or-later
#include <openssl/evp.h>

#include <cerrno>
#include <cstring>

#include "crypt_error.hpp"
#include "luks_volume.hpp"
#include "plugins/shared/json_text.hpp"

namespace hearth::luks {

namespace {

using shared::Json;
using shared::member;
using shared::parse_object;
using shared::text_member;

constexpr std::size_t kMarkDigits = 16;
/// What a slot may ask for at most. Somebody else's header could ask for hours: the library does
/// not stop before it is done.
constexpr std::uint64_t kMostMemory = std::uint64_t{4} << 20;  // KiB
constexpr std::uint64_t kMostWork = std::uint64_t{1} << 30;    // KiB, all passes together
constexpr std::uint64_t kMostRounds = std::uint64_t{1} << 30;

const char* chars(sdk::SecretView secret) {
    return secret.text().data();
}

std::vector<sdk::SecretView> candidates_of(sdk::Op op) {
    std::vector<sdk::SecretView> out;
    for (const std::uint32_t kind :
         {HEARTH_SECRET_TOKEN, HEARTH_SECRET_PASSWORD, HEARTH_SECRET_RECOVERY_KEY})
        for (std::size_t i = 0; i < op.secret_count(kind); ++i) out.push_back(op.secret(kind, i));
    return out;
}

std::string mark_of(const std::string& salt) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    if (EVP_Digest(salt.data(), salt.size(), hash.data(), nullptr, EVP_sha256(), nullptr) != 1)
        return {};
    std::string out;
    for (std::size_t i = 0; i < kMarkDigits / 2; ++i) {
        out += "0123456789abcdef"[hash[i] >> 4U];
        out += "0123456789abcdef"[hash[i] & 15U];
    }
    return out;
}

crypt_pbkdf_type to_type(const KeyDerivation& from, std::uint32_t flags) {
    return {from.type.c_str(), from.hash.c_str(), from.time_ms, from.iterations,
            from.memory_kib,   from.threads,      flags};
}

bool is_affordable(const crypt_pbkdf_type& type) {
    if (type.type != nullptr && std::strcmp(type.type, CRYPT_KDF_PBKDF2) == 0)
        return type.iterations <= kMostRounds;
    return type.max_memory_kb <= kMostMemory &&
           std::uint64_t{type.max_memory_kb} * type.iterations <= kMostWork;
}

/// The slot has been tried with a password: does it say anything but "no"?
sdk::Result<bool> read_answer(int result) {
    if (result >= 0) return true;
    if (result == -EPERM || result == -ENOENT) return false;
    if (result == -ENOMEM)
        return sdk::Error(HEARTH_E_NO_MEMORY,
                          "a key slot of the home takes more memory than this machine has");
    return crypt_error(result, "a key slot cannot be read");
}

}  // namespace

sdk::Result<std::vector<KeySlot>> LuksVolume::slots() const {
    const char* text = nullptr;
    if (crypt_dump_json(device_.get(), &text, 0) < 0 || text == nullptr)
        return sdk::Error(HEARTH_E_CORRUPT, "the header of the volume cannot be read");
    const Json header = parse_object(text);
    json_object* list = member(header.get(), "keyslots");
    std::vector<KeySlot> out;
    for (int number = 0; number < crypt_keyslot_max(CRYPT_LUKS2); ++number) {
        const auto status = crypt_keyslot_status(device_.get(), number);
        if (status != CRYPT_SLOT_ACTIVE && status != CRYPT_SLOT_ACTIVE_LAST) continue;
        json_object* slot = member(list, std::to_string(number).c_str());
        out.push_back({number, mark_of(text_member(member(slot, "kdf"), "salt").value_or(""))});
    }
    return out;
}

sdk::Result<void> LuksVolume::check_costs(const std::vector<KeySlot>& slots) const {
    for (const KeySlot& slot : slots) {
        crypt_pbkdf_type type{};
        if (crypt_keyslot_get_pbkdf(device_.get(), slot.number, &type) == 0 && is_affordable(type))
            continue;
        return sdk::Error(HEARTH_E_CORRUPT, "key slot " + std::to_string(slot.number) +
                                                " asks for more work or memory than any home does");
    }
    return sdk::ok();
}

sdk::Result<int> LuksVolume::try_slots(sdk::Op op, const std::vector<KeySlot>& slots,
                                       sdk::SecretView password, sdk::Secret& key) const {
    for (const KeySlot& slot : slots) {
        if (op.cancelled()) return sdk::Error(HEARTH_E_CANCELLED, "cancelled between two tries");
        op.progress(0, 0, "deriving the key");
        std::size_t size = key.bytes().size();
        const int got = crypt_volume_key_get(device_.get(), slot.number,
                                             reinterpret_cast<char*>(key.bytes().data()), &size,
                                             chars(password), password.size());
        HEARTH_SDK_TRY(opened, read_answer(got));
        if (opened) return slot.number;
    }
    return -1;
}

sdk::Result<FoundKey> LuksVolume::find_key(sdk::Op op) const {
    FoundKey found;
    HEARTH_SDK_TRY(key, op.new_secret(key_size()));
    found.key = std::move(key);
    const sdk::SecretView kept = op.secret(HEARTH_SECRET_VOLUME_KEY, 0);
    if (kept.size() == key_size() &&
        crypt_volume_key_verify(device_.get(), chars(kept), kept.size()) >= 0) {
        std::memcpy(found.key.bytes().data(), chars(kept), kept.size());
        return found;
    }
    HEARTH_SDK_TRY(slots, this->slots());
    if (slots.empty()) return sdk::Error(HEARTH_E_CORRUPT, "the volume has no key slots");
    HEARTH_SDK_CHECK(check_costs(slots));
    for (const sdk::SecretView password : candidates_of(op)) {
        HEARTH_SDK_TRY(slot, try_slots(op, slots, password, found.key));
        found.slot = slot;
        if (slot >= 0) return found;
    }
    return sdk::Error(HEARTH_E_BAD_SECRET, "no password opens one of the key slots");
}

sdk::Result<int> LuksVolume::add_slot(const KeyDerivation& derivation, sdk::Secret& key,
                                      sdk::SecretView password) {
    const crypt_pbkdf_type type = to_type(derivation, CRYPT_PBKDF_NO_BENCHMARK);
    if (const int set = crypt_set_pbkdf_type(device_.get(), &type); set < 0)
        return crypt_error(set, "keys cannot be derived as the record says");
    const auto* raw_key = reinterpret_cast<const char*>(key.bytes().data());
    const int slot =
        crypt_keyslot_add_by_volume_key(device_.get(), CRYPT_ANY_SLOT, raw_key, key.bytes().size(),
                                        chars(password), password.size());
    if (slot == -EINVAL || slot == -ENOSPC)
        return sdk::Error(HEARTH_E_NO_SPACE, "the volume has no room for another key slot", -slot);
    if (slot < 0) return crypt_error(slot, "a key slot cannot be added");
    return slot;
}

sdk::Result<void> LuksVolume::prove_slot(int number, sdk::SecretView password) {
    const int opened = crypt_activate_by_passphrase(device_.get(), nullptr, number, chars(password),
                                                    password.size(), 0);
    if (opened == number) return sdk::ok();
    static_cast<void>(drop_slot(number));
    return sdk::Error(HEARTH_E_IO, "a new key slot does not open");
}

sdk::Result<void> LuksVolume::drop_slot(int number) {
    const auto status = crypt_keyslot_status(device_.get(), number);
    if (status == CRYPT_SLOT_INACTIVE || status == CRYPT_SLOT_INVALID) return sdk::ok();
    const int done = crypt_keyslot_destroy(device_.get(), number);
    if (done >= 0) return sdk::ok();
    return crypt_error(done, "key slot " + std::to_string(number) + " cannot be removed");
}

sdk::Result<KeyDerivation> LuksVolume::measure(sdk::Op op, const KeyDerivation& wanted,
                                               std::size_t key_size) {
    HEARTH_SDK_TRY(device, init(op, nullptr));
    crypt_pbkdf_type type = to_type(wanted, 0);
    constexpr std::string_view kPassword = "calibration";
    constexpr std::string_view kSalt = "0123456789abcdef0123456789abcdef";
    const auto cancelled = [](std::uint32_t, void* context) {
        const sdk::Op asked(static_cast<hearth_op*>(context));
        asked.progress(0, 0, "measuring the key derivation, once for this machine");
        return asked.cancelled() ? 1 : 0;
    };
    const int done =
        crypt_benchmark_pbkdf(device.get(), &type, kPassword.data(), kPassword.size(), kSalt.data(),
                              kSalt.size(), key_size, cancelled, op.handle());
    if (op.cancelled()) return sdk::Error(HEARTH_E_CANCELLED, "cancelled while measuring");
    if (done < 0) return crypt_error(done, "the key derivation cannot be measured");
    KeyDerivation out = wanted;
    out.iterations = type.iterations;
    out.memory_kib = type.max_memory_kb;
    out.threads = type.parallel_threads;
    return out;
}

}  // namespace hearth::luks
