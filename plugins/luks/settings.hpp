// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/record.hpp>

#include <cstdint>
#include <optional>
#include <string>

#include "uuid.hpp"

namespace hearth::luks {

/// What makes a key of a password, and at what price.
struct KeyDerivation {
    std::string type = "argon2id";
    std::string hash = "sha512";
    std::uint32_t time_ms = 500;
    std::uint32_t memory_kib = 64 * 1024;  ///< 0 for pbkdf2
    std::uint32_t threads = 1;             ///< 0 for pbkdf2
    std::uint32_t iterations = 0;          ///< 0: to be measured

    bool operator==(const KeyDerivation&) const = default;
};

/// What a record says about its medium, with everything it leaves open decided.
struct Settings {
    std::string user;
    bool on_device = false;            ///< rather than in a file
    std::string label;                 ///< user, or user@realm: of partition, volume and folder
    std::string mapping;               ///< device-mapper's name of the home
    std::string file_system = "ext4";  ///< of a new home without a wish: see choose_file_system()
    bool has_file_system = false;
    std::string cipher = "aes";
    std::string mode = "xts-plain64";
    std::uint32_t key_size = 32;
    std::uint32_t sector_size = 512;
    std::string extra_mount_options;
    bool discard = false;
    bool offline_discard = true;
    KeyDerivation derivation;
    std::optional<Uuid> partition_id;
    std::optional<Uuid> luks_id;
    std::optional<Uuid> file_system_id;
    /// Is it what an existing medium has to have, rather than the default for a new one?
    bool has_cipher = false;
    bool has_mode = false;
    bool has_key_size = false;
    bool has_sector_size = false;
};

/// Errors: INVALID_ARGUMENT, with the field and what it could be.
sdk::Result<Settings> settings_of(const sdk::Record& record);

/// The size of a new image, where `available` bytes are free around it. Errors: BAD_SIZE, NO_SPACE.
sdk::Result<std::uint64_t> new_size(const sdk::Record& record, const Settings& settings,
                                    std::uint64_t available);

/// The smallest image that a file system of this type fits in.
std::uint64_t smallest_size(const std::string& file_system);

}  // namespace hearth::luks
