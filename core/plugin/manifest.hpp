// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace hearth::plugin {

/// What a storage keeps a home in; default paths and discovery follow from it.
enum class Medium { file, device, directory, network };

/// Whose keys unlock a medium: several of its own, none at all, or those of somebody else (a file
/// server).
enum class Credentials { slots, none, external };

/// When core fits the size of a home to its use by itself.
enum class AutoResize { off, grow, shrink_and_grow };

enum class OptionType { string, number, size, boolean, path, list };

/// A setting of a plugin: becomes an option of homectl and a field of the record.
struct Option {
    /// Without the two dashes: "acme-vault-cipher".
    std::string name;
    /// The record's field, at its top level: "acmeVaultCipher".
    std::string field;
    OptionType type = OptionType::string;
    /// One line for --help.
    std::string help;
};

/// One storage backend, as core needs to know it without running any of its code.
struct StorageManifest {
    /// The record's `storage`.
    std::string name;
    Medium medium = Medium::directory;
    /// Of the image's default path: "/home/USER" + suffix. May be empty.
    std::string suffix;
    /// Partitions of this type are homes of this storage; empty: none are.
    std::string gpt_type;
    /// Among those that could be the default, the highest wins. 0 to 100.
    std::uint32_t priority = 0;
    Credentials credentials = Credentials::none;
    /// Kinds of credentials it takes: "password", "recovery", "token".
    std::vector<std::string> accepts;
    /// What it can do: the names in kAbilities.
    std::vector<std::string> can;
    /// Core marks an unclean home with an extended attribute on the image.
    bool dirty_xattr = false;
    /// The default of dropCaches.
    bool drop_caches = false;
    AutoResize auto_resize = AutoResize::off;
    std::vector<Option> options;

    [[nodiscard]] bool has(std::string_view ability) const;
    [[nodiscard]] bool accepts_kind(std::string_view kind) const;
};

/// One kind of token.
struct AuthManifest {
    std::string name;
    /// Where its entries live in the record: "/privileged/fido2HmacSalt".
    std::string record_array;
    /// The public list beside it, "/fido2HmacCredential", and the member of an entry that goes
    /// there. May be empty.
    std::string public_array;
    std::string public_field;
    std::vector<Option> options;
};

/// What the worker's sandbox has to leave open.
struct Needs {
    std::vector<std::string> capabilities;
    std::vector<std::string> devices;
    bool network = false;

    /// For a process in which another plugin runs as well.
    void add(const Needs& other);
};

/// What a plugin says about itself in its ELF note.
struct Manifest {
    std::uint32_t abi_major = 0;
    std::uint32_t abi_minor = 0;
    std::string id;
    std::string version;
    std::string license;
    std::vector<StorageManifest> storage;
    std::vector<AuthManifest> auth;
    /// Record fields that belong to this plugin start with it. May be empty for built-in plugins.
    std::string field_prefix;
    Needs needs;

    [[nodiscard]] const StorageManifest* find_storage(std::string_view name) const;
    [[nodiscard]] const AuthManifest* find_auth(std::string_view name) const;
};

/// Everything that `can` may hold.
inline constexpr std::string_view kAbilities[] = {
    "resize-online", "resize-offline", "grow-online", "grow-offline",
    "shrink-online", "shrink-offline", "lock",        "header",
    "encrypted",     "quota",          "device",      "rebalance"};

/// Parses and checks a manifest. Every member is checked, and unknown ones are refused: a manifest
/// belongs to one exact version of the ABI, so that one is a mistake. Errors: plugin-manifest-json,
/// plugin-manifest-member, plugin-manifest-unknown, plugin-manifest-value, plugin-manifest-empty.
Result<Manifest> parse_manifest(std::string_view json);

}  // namespace hearth::plugin
