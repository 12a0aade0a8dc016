// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/safe_path.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <vector>

#include "core/system/files.hpp"

namespace hearth::system {

namespace {

Error invalid(const std::string& path) {
    return Error(Code::invalid_argument, "image-path-invalid",
                 "\"" + path + "\" cannot be the place of a home.")
        .why("It must be an absolute path without \"..\" that ends in a name.");
}

Error open_failed(const std::string& folder, int sys_errno) {
    if (sys_errno == ENOENT)
        return Error(Code::home_absent, "image-path-absent",
                     "The folder \"" + folder + "\" does not exist.")
            .sys(sys_errno);
    return Error(Code::io, "image-path-open", "The folder \"" + folder + "\" cannot be opened.")
        .sys(sys_errno);
}

Error is_symlink(const std::string& folder) {
    return Error(Code::permission, "image-path-symlink", "\"" + folder + "\" is a symbolic link.")
        .why("Its owner could point it somewhere else while the home is being opened.")
        .hint("Set imagePath to the place that it points to.");
}

Error unsafe(const std::string& folder, const struct stat& info) {
    const bool foreign = info.st_uid != 0 && info.st_uid != geteuid();
    return Error(Code::permission, "image-path-unsafe",
                 "The folder \"" + folder + "\" is not safe to keep homes in.")
        .why(foreign ? "It belongs to the user " + std::to_string(info.st_uid) +
                           ", who could swap what is in it."
                     : "Its group or everybody may write to it, and could swap what is in it.")
        .hint(foreign ? "Make root its owner: chown root \"" + folder + "\"."
                      : "Take the write permission away: chmod go-w \"" + folder + "\".");
}

Result<void> check_folder(int fd, const std::string& folder) {
    struct stat info {};
    if (fstat(fd, &info) != 0) return open_failed(folder, errno);
    const bool owner_ok = info.st_uid == 0 || info.st_uid == geteuid();
    if (owner_ok && (info.st_mode & (S_IWGRP | S_IWOTH)) == 0) return ok();
    return unsafe(folder, info);
}

Result<std::vector<std::string>> components_of(const std::string& path) {
    if (!path.starts_with('/')) return invalid(path);
    std::vector<std::string> parts;
    std::string_view rest = path;
    while (!rest.empty()) {
        const std::size_t slash = rest.find('/');
        const std::string part(rest.substr(0, slash));
        rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
        if (part.empty() || part == ".") continue;
        if (!is_plain_name(part)) return invalid(path);
        parts.push_back(part);
    }
    return parts;
}

Result<UniqueFd> open_root(const std::string& root) {
    const std::string path = root.empty() ? "/" : root;
    // The administrator names the root, so a link in it is theirs.
    UniqueFd fd(open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!fd) return open_failed(path, errno);
    HEARTH_CHECK(check_folder(fd.get(), path));
    return fd;
}

// With O_PATH and O_NOFOLLOW a symbolic link is opened itself, so it can be told from other
// failures.
Result<UniqueFd> step_into(int parent, const std::string& part, const std::string& folder) {
    UniqueFd fd(openat(parent, part.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (!fd) return open_failed(folder, errno);
    struct stat info {};
    if (fstat(fd.get(), &info) != 0) return open_failed(folder, errno);
    if (S_ISLNK(info.st_mode)) return is_symlink(folder);
    if (!S_ISDIR(info.st_mode)) return open_failed(folder, ENOTDIR);
    HEARTH_CHECK(check_folder(fd.get(), folder));
    return fd;
}

Result<UniqueFd> descend(const std::string& root, const std::vector<std::string>& parts) {
    HEARTH_TRY(here, open_root(root));
    std::string folder = root;
    for (const std::string& part : parts) {
        folder += "/" + part;
        HEARTH_TRY(next, step_into(here.get(), part, folder));
        here = std::move(next);
    }
    return here;
}

}  // namespace

Result<SafePlace> open_parent(const std::string& root, const std::string& path) {
    HEARTH_TRY(parts, components_of(path));
    if (parts.empty() || path.ends_with('/')) return invalid(path);
    std::string name = std::move(parts.back());
    parts.pop_back();
    HEARTH_TRY(dir, descend(root, parts));
    return SafePlace{std::move(dir), std::move(name)};
}

Result<UniqueFd> open_safe_dir(const std::string& root, const std::string& path) {
    HEARTH_TRY(parts, components_of(path));
    return descend(root, parts);
}

}  // namespace hearth::system
