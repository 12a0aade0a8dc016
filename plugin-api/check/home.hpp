// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "core/plugin/manifest.hpp"
#include "core/record/user_record.hpp"
#include "masked_secret.hpp"

namespace hearth::check {

/// One home that the checker invents: where it lies, and the two passwords of its owner.
struct Home {
    std::string folder;  // exists; the medium is a name in it
    std::string user = "checked";
    std::string storage;
    std::string image;  // the medium's name
    std::uint32_t uid = 60200;
    /// JSON text of a record whose fields are added; empty: none.
    std::string extra;
    std::array<MaskedSecret, 2> passwords{};
    /// How credentials name the passwords: SHA-256 of what the record has.
    std::array<std::array<std::uint8_t, 32>, 2> ids{};

    Home(std::string in_folder, const plugin::StorageManifest& manifest, std::string extra_json,
         std::string name = "checked");

    /// The record while the passwords with these bits (1: the first, 2: the second) open the home.
    [[nodiscard]] record::UserRecord record(unsigned passwords_mask = 1) const;
    [[nodiscard]] std::string medium_path() const { return folder + "/" + image; }
    /// The names in the folder, "a b c".
    [[nodiscard]] std::string names() const;
};

/// What the record has in hashedPassword for a password of a home.
[[nodiscard]] std::string fake_hash(unsigned index);

/// This machine, in records.
inline constexpr const char* kMachineId = "0123456789abcdef0123456789abcdef";

}  // namespace hearth::check
