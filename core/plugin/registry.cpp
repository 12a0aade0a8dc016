// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/registry.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <hearth/abi.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <map>
#include <memory>

#include "core/base/unique_fd.hpp"
#include "core/plugin/note.hpp"
#include "core/plugin/trust.hpp"

namespace hearth::plugin {
namespace {

using Entry = Registry::Entry;

constexpr std::string_view kSuffix = ".so";

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};

/// The names of all .so files, sorted: what readdir() gives has no order.
std::vector<std::string> plugin_files(UniqueFd folder) {
    std::vector<std::string> names;
    const std::unique_ptr<DIR, CloseFolder> stream(::fdopendir(folder.get()));
    if (!stream) return names;
    folder.release();
    while (const dirent* entry = ::readdir(stream.get())) {
        const std::string_view name = entry->d_name;
        if (name.size() > kSuffix.size() && name.ends_with(kSuffix) && name.front() != '.')
            names.emplace_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

Result<Manifest> read_manifest(int folder, const Entry& entry) {
    HEARTH_TRY(file, open_trusted_at(folder, entry.file_name, entry.path));
    HEARTH_TRY(text, read_note(file.get()));
    return parse_manifest(text);
}

Entry read_entry(int folder, const std::string& folder_path, std::string file_name, bool builtin) {
    Entry entry;
    entry.path = folder_path + "/" + file_name;
    entry.file_name = std::move(file_name);
    entry.builtin = builtin;
    if (auto manifest = read_manifest(folder, entry))
        entry.manifest = std::move(manifest).value();
    else
        entry.refused = std::move(manifest).error();
    return entry;
}

void scan_folder(const std::string& path, bool builtin, std::vector<Entry>& entries) {
    auto folder = open_trusted_folder(path);
    if (!folder) {
        if (folder.error().id() == "plugin-folder-missing") return;
        Entry entry;
        entry.path = path;
        entry.builtin = builtin;
        entry.refused = std::move(folder).error();
        entries.push_back(std::move(entry));
        return;
    }
    UniqueFd listed(::fcntl(folder->get(), F_DUPFD_CLOEXEC, 0));
    for (auto& name : plugin_files(std::move(listed)))
        entries.push_back(read_entry(folder->get(), path, std::move(name), builtin));
}

void refuse_other_abi(Entry& entry) {
    const auto& manifest = *entry.manifest;
    if (manifest.abi_major == HEARTH_ABI_MAJOR && manifest.abi_minor == HEARTH_ABI_MINOR) return;
    const auto text = [](std::uint32_t major, std::uint32_t minor) {
        return std::to_string(major) + "." + std::to_string(minor);
    };
    entry.refused =
        Error(Code::not_supported, "plugin-abi-mismatch",
              "The plugin " + manifest.id + " (" + entry.path +
                  ") does not fit this release of Hearth.")
            .why("It was built for version " + text(manifest.abi_major, manifest.abi_minor) +
                 " of the plugin ABI, this is " + text(HEARTH_ABI_MAJOR, HEARTH_ABI_MINOR) + ".")
            .hint("Install the plugin's release for this version.");
}

/// Every name a plugin claims, as "kind name": no two may claim the same.
std::vector<std::string> claims_of(const Manifest& manifest) {
    std::vector<std::string> claims{"id \"" + manifest.id + "\""};
    for (const auto& storage : manifest.storage)
        claims.push_back("storage name \"" + storage.name + "\"");
    for (const auto& auth : manifest.auth) claims.push_back("token kind \"" + auth.name + "\"");
    if (!manifest.field_prefix.empty())
        claims.push_back("field prefix \"" + manifest.field_prefix + "\"");
    return claims;
}

void refuse_claim(Entry& entry, const std::string& claim, const Entry& other) {
    if (entry.refused) return;
    entry.refused = Error(Code::not_supported, "plugin-name-taken",
                          "The plugin " + entry.manifest->id + " (" + entry.path + ") is not used.")
                        .why("It has the same " + claim + " as " + other.path + ".")
                        .hint("Remove one of the two.");
}

/// Built-in plugins win against others; among equals nobody knows who is right, so that nobody is.
void refuse_shared_claims(std::vector<Entry>& entries) {
    std::map<std::string, std::vector<Entry*>> claimants;
    for (auto& entry : entries)
        if (entry.usable())
            for (auto& claim : claims_of(*entry.manifest)) claimants[claim].push_back(&entry);
    for (const auto& [claim, list] : claimants)
        for (Entry* entry : list)
            for (const Entry* other : list)
                if (other != entry && (other->builtin || !entry->builtin))
                    refuse_claim(*entry, claim, *other);
}

/// A third-party plugin without a prefix of its own could read and set fields that belong to
/// others.
void refuse_foreign_fields(Entry& entry) {
    if (entry.builtin) return;
    const auto& manifest = *entry.manifest;
    const auto refuse = [&](const std::string& why) {
        entry.refused = Error(Code::not_supported, "plugin-field-prefix",
                              "The plugin " + manifest.id + " (" + entry.path + ") is not used.")
                            .why(why)
                            .hint(
                                "Plugins of other vendors declare a fieldPrefix, and all "
                                "their fields begin with it.");
    };
    const auto check = [&](const std::vector<Option>& options) {
        for (const auto& option : options)
            if (manifest.field_prefix.empty() || !option.field.starts_with(manifest.field_prefix))
                refuse("Its field \"" + option.field + "\" does not begin with its prefix.");
    };
    for (const auto& storage : manifest.storage) check(storage.options);
    for (const auto& auth : manifest.auth) check(auth.options);
}

std::string join(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

/// The refused entry that would have offered it, if there is one.
template <typename Offers>
const Entry* find_refused(const std::vector<Entry>& entries, Offers offers) {
    for (const auto& entry : entries)
        if (entry.refused && entry.manifest && offers(*entry.manifest)) return &entry;
    return nullptr;
}

Error refused_error(std::string_view id, std::string what, const Entry& entry) {
    return Error(Code::backend_unavailable, id, std::move(what))
        .why(entry.refused->one_line())
        .hint(entry.refused->hint());
}

std::string own_folder() {
    std::array<char, PATH_MAX> target{};
    const ssize_t length = ::readlink("/proc/self/exe", target.data(), target.size());
    std::string path(target.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? "" : path.substr(0, slash);
}

}  // namespace

Folders default_folders() {
    // The program is in <prefix>/bin, <prefix>/libexec/hearth or the like: HEARTH_PROGRAM_FOLDERS
    // lists them.
    const std::string here = own_folder();
    std::string prefix = HEARTH_INSTALL_PREFIX;
    for (const std::string_view folder : {HEARTH_PROGRAM_FOLDERS}) {
        const std::string tail = "/" + std::string(folder);
        if (here.ends_with(tail)) {
            prefix = here.substr(0, here.size() - tail.size());
            break;
        }
    }
    const std::string base = prefix + "/" + HEARTH_LIBDIR + "/hearth";
    return {base + "/builtin-0", base + "/plugins-0"};
}

Registry Registry::scan(const Folders& folders) {
    Registry registry;
    scan_folder(folders.builtin, true, registry.entries_);
    scan_folder(folders.third_party, false, registry.entries_);
    for (auto& entry : registry.entries_) {
        if (entry.usable()) refuse_foreign_fields(entry);
        if (entry.usable()) refuse_other_abi(entry);
    }
    refuse_shared_claims(registry.entries_);
    return registry;
}

Registry Registry::scan_for(const Folders& folders, std::string_view storage) {
    const auto folder = open_trusted_folder(folders.builtin);
    if (!folder) return scan(folders);
    UniqueFd listed(::fcntl(folder->get(), F_DUPFD_CLOEXEC, 0));
    // The name comes out of the folder: what a record says never names a file.
    for (auto& name : plugin_files(std::move(listed))) {
        if (name.substr(0, name.size() - kSuffix.size()) != storage) continue;
        Registry registry;
        Entry entry = read_entry(folder->get(), folders.builtin, std::move(name), true);
        if (entry.usable()) refuse_other_abi(entry);
        if (!entry.usable() || entry.manifest->find_storage(storage) == nullptr) break;
        registry.entries_.push_back(std::move(entry));
        return registry;
    }
    return scan(folders);
}

std::vector<Registry::Storage> Registry::storages() const {
    std::vector<Storage> list;
    for (const auto& entry : entries_)
        if (entry.usable())
            for (const auto& storage : entry.manifest->storage) list.push_back({&entry, &storage});
    std::stable_sort(list.begin(), list.end(), [](const Storage& left, const Storage& right) {
        return left.manifest->priority > right.manifest->priority;
    });
    return list;
}

std::vector<Registry::Auth> Registry::auths() const {
    std::vector<Auth> list;
    for (const auto& entry : entries_)
        if (entry.usable())
            for (const auto& auth : entry.manifest->auth) list.push_back({&entry, &auth});
    return list;
}

Result<Registry::Storage> Registry::find_storage(std::string_view name) const {
    std::vector<std::string> installed;
    for (const auto& storage : storages()) {
        if (storage.manifest->name == name) return storage;
        installed.push_back(storage.manifest->name);
    }
    const std::string quoted = "\"" + std::string(name) + "\"";
    if (const auto* entry = find_refused(
            entries_, [&](const Manifest& manifest) { return manifest.find_storage(name); }))
        return refused_error("storage-refused",
                             "The plugin for storage " + quoted + " is installed but not used.",
                             *entry);
    return Error(Code::backend_unavailable, "storage-unknown",
                 "No plugin for storage " + quoted + " is installed.")
        .why(installed.empty() ? "No storage plugin is installed at all."
                               : "Installed are: " + join(installed) + ".")
        .hint("Install the plugin that offers it.");
}

Result<Registry::Auth> Registry::find_auth(std::string_view name) const {
    std::vector<std::string> installed;
    for (const auto& auth : auths()) {
        if (auth.manifest->name == name) return auth;
        installed.push_back(auth.manifest->name);
    }
    const std::string quoted = "\"" + std::string(name) + "\"";
    if (const auto* entry = find_refused(
            entries_, [&](const Manifest& manifest) { return manifest.find_auth(name); }))
        return refused_error(
            "auth-refused",
            "The plugin for tokens of the kind " + quoted + " is installed but not used.", *entry);
    return Error(Code::backend_unavailable, "auth-unknown",
                 "No plugin for tokens of the kind " + quoted + " is installed.")
        .why(installed.empty() ? "No plugin for tokens is installed at all."
                               : "Installed are: " + join(installed) + ".")
        .hint("Install the plugin that offers it.");
}

}  // namespace hearth::plugin
