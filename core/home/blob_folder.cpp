// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/home/blob_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/record/names.hpp"
#include "core/system/files.hpp"

namespace hearth::home {

namespace {

constexpr const char* kCache = "/var/cache/systemd/home";
constexpr const char* kInHome = ".identity-blob";
constexpr mode_t kFileMode = 0644;

/// No name of a blob begins with a dot.
std::string waiting_name(const std::string& hash) {
    return "." + hash;
}

std::vector<std::string> names_in(int folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(system::fd_path(folder), error))
        names.push_back(entry.path().filename().string());
    return names;
}

std::optional<std::string> read_if(int folder, const std::string& name, const std::string& hash) {
    auto content = system::read_file_at(folder, name, kMostBlobBytes);
    if (!content || blob_hash(*content) != hash) return std::nullopt;
    return std::move(content).value();
}

}  // namespace

std::string BlobFolder::system_path(const std::string& user) {
    return std::string(kCache) + "/" + user;
}

Result<std::optional<BlobFolder>> BlobFolder::open(Result<UniqueFd> folder) {
    if (!folder && folder.error().id() == "file-absent") return std::optional<BlobFolder>();
    if (!folder) return std::move(folder).error();
    struct stat info {};
    const uid_t owner = ::fstat(folder->get(), &info) == 0 ? info.st_uid : 0;
    return std::optional(BlobFolder(std::move(folder).value(), owner));
}

Result<std::optional<BlobFolder>> BlobFolder::open_system(const Root& root,
                                                          const std::string& user) {
    return open(system::open_dir(root.path(system_path(user))));
}

bool BlobFolder::has_system(const Root& root, const std::string& user) {
    struct stat info {};
    return ::lstat(root.path(system_path(user)).c_str(), &info) == 0 && S_ISDIR(info.st_mode) &&
           (info.st_mode & 07777U) == 0755;
}

Result<BlobFolder> BlobFolder::make_system(const Root& root, const std::string& user) {
    std::error_code error;
    std::filesystem::create_directories(root.path(kCache), error);
    const std::string path = root.path(system_path(user));
    if (error || (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST))
        return Error(Code::io, "blob-folder", "Cannot make the folder " + path + ".")
            .sys(error ? error.value() : errno);
    HEARTH_TRY(folder, system::open_dir(path));
    ::fchmod(folder.get(), 0755);
    return BlobFolder(std::move(folder), 0);
}

Result<void> BlobFolder::remove_system(const Root& root, const std::string& user) {
    HEARTH_TRY(found, open_system(root, user));
    if (!found) return ok();
    for (const auto& name : names_in(found->folder_.get()))
        HEARTH_CHECK(
            system::remove_file_at(found->folder_.get(), name).and_then([](bool) { return ok(); }));
    HEARTH_TRY(cache, system::open_dir(root.path(kCache)));
    return system::remove_dir_at(cache.get(), user).and_then([](bool) { return ok(); });
}

void BlobFolder::remove_unknown(const Root& root, const std::vector<std::string>& known) {
    const auto cache = system::open_dir(root.path(kCache));
    if (!cache) return;
    const std::unordered_set<std::string_view> users(known.begin(), known.end());
    for (const auto& name : names_in(cache->get()))
        if (record::check_managed_user_name(name) && !users.contains(name))
            static_cast<void>(remove_system(root, name).has_value());
}

Result<std::optional<BlobFolder>> BlobFolder::open_in_home(int home_fd) {
    return open(system::open_dir_at(home_fd, kInHome));
}

Result<BlobFolder> BlobFolder::make_in_home(int home_fd) {
    HEARTH_TRY(there, open_in_home(home_fd));
    if (there) return *std::move(there);
    struct stat top {};
    if (::fstat(home_fd, &top) != 0)
        return Error(Code::io, "blob-folder", "The top folder of the home cannot be looked at.")
            .sys(errno);
    HEARTH_TRY(made, system::create_dir_at(home_fd, kInHome,
                                           system::FileMode{0700, top.st_uid, top.st_gid}));
    return BlobFolder(std::move(made), top.st_uid);
}

std::optional<std::string> BlobFolder::find(const std::string& name,
                                            const std::string& hash) const {
    auto content = read_if(folder_.get(), name, hash);
    return content ? content : read_if(folder_.get(), waiting_name(hash), hash);
}

std::optional<std::string> BlobFolder::find_twin(const BlobManifest& manifest,
                                                 const std::string& hash) const {
    for (const auto& [name, other] : manifest)
        if (other == hash)
            if (auto content = read_if(folder_.get(), name, hash)) return content;
    return std::nullopt;
}

bool BlobFolder::seems_right(const BlobManifest& manifest) const {
    const auto names = names_in(folder_.get());
    if (names.size() != manifest.size()) return false;
    for (const auto& name : names)
        if (!manifest.contains(name)) return false;
    return true;
}

Result<void> BlobFolder::stage(const Blobs& blobs) {
    for (const auto& [name, content] : blobs) {
        const std::string hash = blob_hash(content);
        if (find(name, hash)) continue;
        HEARTH_CHECK(system::write_file_atomic_at(
            folder_.get(), waiting_name(hash), content,
            system::FileMode{kFileMode, owner_, static_cast<gid_t>(owner_)},
            system::Durability::synced));
    }
    return ok();
}

/// By way of the name of its hash, which is never too long for what has to stand around it.
Result<void> BlobFolder::put(const std::string& name, const std::string& hash,
                             std::string_view content) {
    const std::string waiting = waiting_name(hash);
    HEARTH_CHECK(system::write_file_atomic_at(
        folder_.get(), waiting, content,
        system::FileMode{kFileMode, owner_, static_cast<gid_t>(owner_)},
        system::Durability::whole));
    if (::renameat(folder_.get(), waiting.c_str(), folder_.get(), name.c_str()) == 0) return ok();
    return Error(Code::io, "file-rename", "The file " + name + " cannot get its name.").sys(errno);
}

void BlobFolder::remove_others(const BlobManifest& manifest) {
    // A folder stays: it is not ours, and nobody reads it.
    for (const auto& name : names_in(folder_.get()))
        if (!manifest.contains(name)) ::unlinkat(folder_.get(), name.c_str(), 0);
}

Result<bool> BlobFolder::settle(const BlobManifest& manifest, const BlobFolder* other) {
    bool complete = true;
    for (const auto& [name, hash] : manifest) {
        if (read_if(folder_.get(), name, hash)) continue;
        auto content = find(name, hash);
        if (!content) content = find_twin(manifest, hash);
        if (!content && other != nullptr) content = other->find(name, hash);
        if (content) {
            HEARTH_CHECK(put(name, hash, *content));
        } else {
            complete = false;
            ::unlinkat(folder_.get(), name.c_str(), 0);
        }
    }
    remove_others(manifest);
    return complete;
}

}  // namespace hearth::home
