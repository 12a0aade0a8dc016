// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/plugin/manifest.hpp"

namespace hearth::plugin {

/// Where plugins are looked for; absolute paths.
struct Folders {
    std::string builtin;
    std::string third_party;
};

/// The folders of this installation, computed from where the running program lies, so that an
/// installation can be moved as a whole. Programs in bin/ and in libexec/hearth/ find the same
/// ones.
Folders default_folders();

/// The plugins that are installed, known from their manifests alone: nothing is loaded.
class Registry {
  public:
    /// One file in one of the folders: usable, or refused for a reason.
    struct Entry {
        std::string path;
        std::string file_name;
        bool builtin = false;
        /// Set when it could be read, also in some refused entries.
        std::optional<Manifest> manifest;
        std::optional<Error> refused;

        [[nodiscard]] bool usable() const { return manifest && !refused; }
    };
    struct Storage {
        const Entry* entry;
        const StorageManifest* manifest;
    };
    struct Auth {
        const Entry* entry;
        const AuthManifest* manifest;
    };

    /// Reads all manifests. A missing folder is an empty one; one that cannot be trusted becomes
    /// one refused entry. Plugins that share an id, a storage name, a token kind or a field prefix
    /// are all refused, except that a built-in one keeps its names against a third-party one.
    static Registry scan(const Folders& folders);
    /// The same for whoever needs one storage: if a built-in plugin of that name offers it, nobody
    /// else can have it, and no other manifest is read.
    static Registry scan_for(const Folders& folders, std::string_view storage);

    /// All files, built-in ones first, by name. Pointers into it live as long as the registry.
    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
    /// What can be used, highest priority first.
    [[nodiscard]] std::vector<Storage> storages() const;
    [[nodiscard]] std::vector<Auth> auths() const;
    /// Errors: storage-unknown (names what is missing and what is installed), storage-refused (it
    /// is there, but may not be used, and why).
    [[nodiscard]] Result<Storage> find_storage(std::string_view name) const;
    /// Errors: auth-unknown, auth-refused.
    [[nodiscard]] Result<Auth> find_auth(std::string_view name) const;

  private:
    std::vector<Entry> entries_;
};

}  // namespace hearth::plugin
