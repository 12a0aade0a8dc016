// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <libcryptsetup.h>
#include <hearth/sdk/sdk.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "settings.hpp"

namespace hearth::luks {

/// A key slot that is in use, and what tells it from a later one of the same number.
struct KeySlot {
    int number = 0;
    std::string mark;  ///< hex digits, of its salt

    bool operator==(const KeySlot&) const = default;
};

/// The volume key, and the slot that a secret opened to it (-1: the host had kept the key).
struct FoundKey {
    sdk::Secret key;
    int slot = -1;
};

/// A LUKS2 volume: its header and its keys, on a device or (in tests) a file.
class LuksVolume {
  public:
    /// Bytes of each of the two copies of what describes a new volume, which come first in it.
    static constexpr std::uint64_t kMetadataSize = std::uint64_t{4} << 20;

    /// Reads the header. Errors: CORRUPT (none, an old one, a damaged one).
    static sdk::Result<LuksVolume> open(sdk::Op op, const std::string& path);
    /// Writes a new one without any key slot. `data`: what its data is on, if its header is not
    /// made there. Errors: INVALID_ARGUMENT (the cipher, say).
    static sdk::Result<LuksVolume> format(sdk::Op op, const std::string& path,
                                          const Settings& settings, const Uuid& id,
                                          sdk::Secret& key, const std::string& data = {});

    /// Does the header say what the record says? Errors: CORRUPT.
    [[nodiscard]] sdk::Result<void> check(const Settings& settings) const;
    [[nodiscard]] std::string uuid() const;
    [[nodiscard]] std::string cipher() const;
    [[nodiscard]] std::string mode() const;
    [[nodiscard]] std::size_t key_size() const;
    [[nodiscard]] std::uint64_t data_offset() const;  ///< bytes

    /// Which of the caller's secrets opens it? One key derivation for each pair of secret and slot
    /// that is tried. Errors: BAD_SECRET, CORRUPT (no slots, or one that would take for ever),
    /// NO_MEMORY, CANCELLED.
    [[nodiscard]] sdk::Result<FoundKey> find_key(sdk::Op op) const;

    [[nodiscard]] sdk::Result<std::vector<KeySlot>> slots() const;
    /// Adds a slot. Returns its number. Errors: NO_SPACE (no slot, or no room
    /// for one).
    sdk::Result<int> add_slot(const KeyDerivation& derivation, sdk::Secret& key,
                              sdk::SecretView password);
    /// Opens a new slot with what it was made for, read back from the disk: one that does not open
    /// would lock its owner out later. It goes, then. Takes as long as to add it.
    sdk::Result<void> prove_slot(int number, sdk::SecretView password);
    /// A missing slot is no error.
    sdk::Result<void> drop_slot(int number);

    /// The JSON of the token of that type. Errors: CORRUPT (there is none).
    [[nodiscard]] sdk::Result<std::string> token(const char* type) const;
    /// Replaces it; others of its type go.
    sdk::Result<void> set_token(const char* type, const std::string& json);

    sdk::Result<void> activate(const std::string& mapping, sdk::Secret& key, bool discard);
    /// Gives a suspended mapping of this volume its key back, and lets it go on.
    sdk::Result<void> resume(const std::string& mapping, sdk::Secret& key);
    /// Suspends a mapping, what is mounted from it complete on the disk, and takes its key out of
    /// the kernel.
    static sdk::Result<void> suspend(sdk::Op op, const std::string& mapping);

    /// An active mapping gets another size, in bytes of decrypted data.
    sdk::Result<void> resize(const std::string& mapping, sdk::Secret& key, std::uint64_t bytes);

    /// How a key derivation of this kind is measured, with libcryptsetup. Errors: CANCELLED.
    static sdk::Result<KeyDerivation> measure(sdk::Op op, const KeyDerivation& wanted,
                                              std::size_t key_size);

  private:
    struct Free {
        void operator()(crypt_device* device) const { crypt_free(device); }
    };
    using Device = std::unique_ptr<crypt_device, Free>;
    explicit LuksVolume(Device device) : device_(std::move(device)) {}
    static sdk::Result<Device> init(sdk::Op op, const char* path, const char* data = nullptr);
    /// Takes it over; what the library has to say goes to the log.
    static Device watched(crypt_device* device, sdk::Op op);

    [[nodiscard]] sdk::Result<int> try_slots(sdk::Op op, const std::vector<KeySlot>& slots,
                                             sdk::SecretView password, sdk::Secret& key) const;
    [[nodiscard]] sdk::Result<void> check_costs(const std::vector<KeySlot>& slots) const;
    [[nodiscard]] int find_token(const char* type) const;

    Device device_;
};

}  // namespace hearth::luks
