// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/device_place.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "core/system/files.hpp"

namespace hearth::operation {

namespace {

constexpr std::string_view kFolder = "/dev/";

Error not_a_device(const std::string& image) {
    return Error(Code::invalid_argument, "image-not-device",
                 "A home cannot be kept on " + image + ".")
        .why("It is below /dev, and leads to no block device there.")
        .hint("Name a disk, a partition or a logical volume, or a path outside of /dev.");
}

Error absent(const std::string& image) {
    return Error(Code::home_absent, "image-absent",
                 "The home is not there: " + image + " does not exist.")
        .hint("If it is on a disk of its own, plug that in; then try again.");
}

/// Never out of the folder, nor into what is mounted in it: other folders there can be written to
/// by everybody.
UniqueFd open_beneath(int folder, const std::string& path) {
    open_how how{};
    how.flags = O_PATH | O_CLOEXEC;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV;
    return UniqueFd(
        static_cast<int>(::syscall(SYS_openat2, folder, path.c_str(), &how, sizeof how)));
}

struct Found {
    system::SafePlace place;
    bool there = false;
};

Result<Found> find(const home::Root& root, const std::string& image) {
    const std::string path = image.substr(kFolder.size());
    // The form of the whole path, as for all others.
    HEARTH_TRY(folder, system::open_safe_dir(root.prefix(), "/dev"));
    if (path.empty() || path.ends_with('/') || path.find("..") != std::string::npos)
        return not_a_device(image);
    const UniqueFd node = open_beneath(folder.get(), path);
    if (!node && errno != ENOENT) return not_a_device(image);
    const std::string name = path.substr(path.rfind('/') + 1);
    if (!node) return Found{{std::move(folder), name}, false};
    struct stat info {};
    std::error_code error;
    const auto own = std::filesystem::read_symlink(system::fd_path(node.get()), error);
    if (error || ::fstat(node.get(), &info) != 0 || !S_ISBLK(info.st_mode))
        return not_a_device(image);
    HEARTH_TRY(parent, system::open_dir(own.parent_path().string()));
    return Found{{std::move(parent), own.filename().string()}, true};
}

}  // namespace

bool is_device_path(std::string_view image) {
    return image.starts_with(kFolder);
}

Result<system::SafePlace> device_place(const home::Root& root, const std::string& image) {
    HEARTH_TRY(found, find(root, image));
    return std::move(found.place);
}

Result<void> require_device(const home::Root& root, const std::string& image) {
    HEARTH_TRY(found, find(root, image));
    return found.there ? ok() : absent(image);
}

}  // namespace hearth::operation
