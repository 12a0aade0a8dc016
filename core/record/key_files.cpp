// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/key_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <set>

#include "core/base/unique_fd.hpp"
#include "core/system/files.hpp"

namespace hearth::record {

namespace {

constexpr const char* kPrivateName = "local.private";
constexpr const char* kPublicName = "local.public";
constexpr std::size_t kLargestKeyFile = std::size_t{64} * 1024;
constexpr mode_t kOthers = 0077;
constexpr mode_t kOthersWrite = 0022;

Error unsafe_private_key(const std::string& path, const std::string& why) {
    return Error(Code::permission, "signing-key-unsafe",
                 "The private key " + path + " is not safe to use.")
        .why(why)
        .hint("Make root its owner and its mode 0400. If others may have read it, remove it and " +
              std::string(kPublicName) + ", and sign the homes anew.");
}

Error skipped_key(const std::string& path, const std::string& why) {
    return Error(Code::permission, "public-key-skipped", "The public key " + path + " is ignored.")
        .why(why);
}

Error write_failure(const std::string& dir) {
    return Error(Code::io, "signing-key-write",
                 "A key of this machine could not be stored in " + dir + ".");
}

/// Nothing if nobody but `owner` can have the access that `forbidden` stands for.
std::optional<std::string> unsafe_because(const struct stat& st, uid_t owner, mode_t forbidden) {
    if (!S_ISREG(st.st_mode)) return "It is not a regular file.";
    if (st.st_uid != owner) return "It belongs to user id " + std::to_string(st.st_uid) + ".";
    if ((st.st_mode & forbidden) != 0)
        return forbidden == kOthers ? "Others than its owner have access to it."
                                    : "Others than its owner can change it.";
    return {};
}

std::string join(const std::string& dir, const std::string& name) {
    return dir + "/" + name;
}

/// Nothing if the folder has no such file.
Result<std::optional<SigningKey>> load_private_key_at(int dir_fd, const std::string& dir,
                                                      uid_t owner) {
    const std::string path = join(dir, kPrivateName);
    auto file = system::open_file_at(dir_fd, kPrivateName, O_RDONLY);
    if (!file && file.error().id() == "file-absent") return std::optional<SigningKey>();
    if (!file) return unsafe_private_key(path, file.error().one_line());
    struct stat st {};
    if (fstat(file->get(), &st) != 0) return unsafe_private_key(path, "Its owner cannot be read.");
    if (auto why = unsafe_because(st, owner, kOthers)) return unsafe_private_key(path, *why);
    HEARTH_TRY(key, SigningKey::load(file->get()).transform_error([&](Error&& error) {
        return std::move(error).context("The private key " + path + " cannot be used.");
    }));
    return std::make_optional(std::move(key));
}

struct CloseDir {
    void operator()(DIR* dir) const { closedir(dir); }
};

bool is_trusted_name(std::string_view name) {
    return name.ends_with(".public") && name != kPublicName;
}

/// The names of keys in a folder, sorted; there may be thousands of others. Takes the fd.
std::vector<std::string> keys_in(UniqueFd dir_fd) {
    std::vector<std::string> names;
    const std::unique_ptr<DIR, CloseDir> dir(fdopendir(dir_fd.get()));
    if (!dir) return names;
    dir_fd.release();
    while (const dirent* entry = readdir(dir.get()))
        if (is_trusted_name(entry->d_name)) names.emplace_back(entry->d_name);
    std::sort(names.begin(), names.end());
    return names;
}

/// An empty file or a link to /dev/null hides files of this name in the folders that come later.
bool is_mask(int dir_fd, const std::string& name) {
    struct stat st {};
    if (fstatat(dir_fd, name.c_str(), &st, AT_SYMLINK_NOFOLLOW) != 0) return false;
    if (S_ISREG(st.st_mode)) return st.st_size == 0;
    char target[16] = {};
    return S_ISLNK(st.st_mode) && readlinkat(dir_fd, name.c_str(), target, sizeof target - 1) > 0 &&
           std::string_view(target) == "/dev/null";
}

Result<PublicKey> load_public_key(int dir_fd, const std::string& path, const std::string& name,
                                  uid_t owner) {
    auto file = system::open_file_at(dir_fd, name, O_RDONLY);
    if (!file) return skipped_key(path, file.error().one_line());
    struct stat st {};
    if (fstat(file->get(), &st) != 0) return skipped_key(path, "Its owner cannot be read.");
    if (auto why = unsafe_because(st, owner, kOthersWrite)) return skipped_key(path, *why);
    auto pem = system::read_fd(file->get(), name, kLargestKeyFile);
    if (!pem) return skipped_key(path, pem.error().one_line());
    auto key = PublicKey::from_pem(*pem);
    if (!key) return skipped_key(path, key.error().why());
    return key;
}

/// A new file that gets its name last. Where the file system can, it has none before: if this
/// process dies, nothing of it stays. Elsewhere the next attempt removes what was left.
class NewFile {
  public:
    static Result<NewFile> create(int dir_fd, const char* name) {
        UniqueFd unnamed(openat(dir_fd, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
        if (unnamed) return NewFile(dir_fd, name, "", std::move(unnamed));
        const std::string temporary = std::string(".#") + name;
        unlinkat(dir_fd, temporary.c_str(), 0);
        HEARTH_TRY(fd, system::open_file_at(dir_fd, temporary, O_WRONLY | O_CREAT | O_EXCL, 0600));
        return NewFile(dir_fd, name, temporary, std::move(fd));
    }

    [[nodiscard]] int fd() const { return fd_.get(); }
    /// Gives it its mode and puts it on the disk.
    [[nodiscard]] bool seal(mode_t mode) const {
        return fchmod(fd_.get(), mode) == 0 && fsync(fd_.get()) == 0;
    }
    [[nodiscard]] bool take_name() const {
        if (!temporary_.empty()) return renameat(dir_fd_, temporary_.c_str(), dir_fd_, name_) == 0;
        return linkat(AT_FDCWD, system::fd_path(fd_.get()).c_str(), dir_fd_, name_,
                      AT_SYMLINK_FOLLOW) == 0;
    }

  private:
    NewFile(int dir_fd, const char* name, std::string temporary, UniqueFd fd)
        : dir_fd_(dir_fd), name_(name), temporary_(std::move(temporary)), fd_(std::move(fd)) {}
    int dir_fd_;
    const char* name_;
    std::string temporary_;
    UniqueFd fd_;
};

/// There is no private key: a public half that is there belongs to somebody who was killed before
/// the private one had its name, and no record was ever signed with it.
Result<void> store_new_pair(int dir_fd, const std::string& dir) {
    HEARTH_TRY(private_file, NewFile::create(dir_fd, kPrivateName));
    HEARTH_TRY(public_file, NewFile::create(dir_fd, kPublicName));
    if (auto written = write_new_key_pair(private_file.fd(), public_file.fd()); !written)
        return write_failure(dir).why(written.error().one_line());
    unlinkat(dir_fd, kPublicName, 0);
    // The private key goes last: only with it is there a pair, and without it the next attempt
    // starts over.
    if (!private_file.seal(0400) || !public_file.seal(0444) || !public_file.take_name() ||
        !private_file.take_name())
        return write_failure(dir).sys(errno);
    return system::fsync_dir(dir_fd);
}

}  // namespace

Result<std::optional<SigningKey>> load_private_key(const std::vector<std::string>& dirs,
                                                   uid_t owner) {
    for (const auto& dir : dirs) {
        const auto dir_fd = system::open_dir(dir);
        if (!dir_fd) continue;
        HEARTH_TRY(key, load_private_key_at(dir_fd->get(), dir, owner));
        if (key) return key;
    }
    return std::optional<SigningKey>();
}

std::vector<TrustedKey> load_public_keys(const std::vector<std::string>& dirs, uid_t owner,
                                         std::vector<Error>& warnings) {
    std::vector<TrustedKey> keys;
    std::set<std::string> seen;
    for (const auto& dir : dirs) {
        const auto dir_fd = system::open_dir(dir);
        if (!dir_fd) continue;
        for (const auto& name : keys_in(UniqueFd(fcntl(dir_fd->get(), F_DUPFD_CLOEXEC, 3)))) {
            if (!seen.insert(name).second || is_mask(dir_fd->get(), name)) continue;
            auto key = load_public_key(dir_fd->get(), join(dir, name), name, owner);
            if (key)
                keys.push_back({name, std::move(key).value()});
            else
                warnings.push_back(std::move(key).error());
        }
    }
    return keys;
}

Result<void> store_public_key(const std::string& dir, const std::string& name,
                              const PublicKey& key) {
    auto dir_fd = system::open_dir(dir);
    if (!dir_fd) return write_failure(dir).why(dir_fd.error().one_line());
    if (flock(dir_fd->get(), LOCK_EX) != 0) return write_failure(dir).sys(errno);
    struct stat st {};
    if (fstatat(dir_fd->get(), name.c_str(), &st, AT_SYMLINK_NOFOLLOW) == 0)
        return Error(Code::invalid_argument, "public-key-exists",
                     "There is already a key that is called " + name + ".")
            .why("It is at " + join(dir, name) + ".");
    HEARTH_TRY(file, NewFile::create(dir_fd->get(), name.c_str()));
    const std::string pem = key.pem();
    if (write(file.fd(), pem.data(), pem.size()) != static_cast<ssize_t>(pem.size()) ||
        !file.seal(0444) || !file.take_name())
        return write_failure(dir).sys(errno);
    return system::fsync_dir(dir_fd->get());
}

Result<bool> remove_public_key(const std::string& dir, const std::string& name) {
    HEARTH_TRY(dir_fd, system::open_dir(dir));
    HEARTH_TRY(removed, system::remove_file_at(dir_fd.get(), name));
    if (removed) HEARTH_CHECK(system::fsync_dir(dir_fd.get()));
    return removed;
}

Result<SigningKey> create_key_pair(const std::string& dir, uid_t owner) {
    auto dir_fd = system::open_dir(dir);
    if (!dir_fd) return write_failure(dir).why(dir_fd.error().one_line());
    if (flock(dir_fd->get(), LOCK_EX) != 0) return write_failure(dir).sys(errno);
    HEARTH_TRY(existing, load_private_key_at(dir_fd->get(), dir, owner));
    if (existing) return *std::move(existing);
    HEARTH_CHECK(store_new_pair(dir_fd->get(), dir));
    HEARTH_TRY(made, load_private_key_at(dir_fd->get(), dir, owner));
    if (!made) return write_failure(dir).why("The new private key vanished at once.");
    return *std::move(made);
}

}  // namespace hearth::record
