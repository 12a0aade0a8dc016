// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/place.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "core/operation/device_place.hpp"
#include "core/operation/operation.hpp"
#include "core/record/effective.hpp"
#include "core/system/files.hpp"

namespace hearth::operation {

namespace {

std::string hex(std::uint64_t number) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out(16, '0');
    for (std::size_t i = out.size(); i-- > 0; number >>= 4U) out[i] = kDigits[number & 15U];
    return out;
}

Error in_use(const std::string& name) {
    return Error(Code::home_in_use, "home-directory-in-use",
                 "The folder " + name + " that the home belongs at is in use.")
        .why("It is there already, and it is not an empty folder.")
        .hint("Move its contents away, then try again.");
}

Error image_absent(const std::string& image) {
    return Error(Code::home_absent, "image-absent",
                 "The home is not there: " + image + " does not exist.")
        .hint("If it is on a disk of its own, plug that in and mount it; then try again.");
}

Error image_exists(const std::string& image) {
    return Error(Code::home_exists, "image-exists",
                 "There is already something where the home would be kept.")
        .why("It is at " + image + ".")
        .hint("Take it in with: homectl adopt PATH, or choose another place with --image-path=.");
}

Error image_is_link(const std::string& image) {
    return Error(Code::permission, "image-path-symlink",
                 "The home at " + image + " is a symbolic link.")
        .why("Whoever can change the link could swap the home for something else.")
        .hint(
            "Move the home itself to that place, or take it in where it is with: homectl adopt "
            "PATH");
}

bool is_empty(int dir_fd, const std::string& name) {
    std::error_code error;
    UniqueFd folder(
        ::openat(dir_fd, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    return folder && std::filesystem::is_empty(system::fd_path(folder.get()), error) && !error;
}

}  // namespace

Result<plugin::Place> place_of(Operation& op, const record::UserRecord& record) {
    const auto image = record::Effective(record, op.machine()).text("imagePath");
    if (!image) {
        return Error(
                   Code::not_supported, "record-without-image",
                   "The record of " + record.user_name() + " does not say where the home is kept.")
            .hint("Take the home in again with: homectl adopt PATH");
    }
    HEARTH_TRY(found, is_device_path(*image) ? device_place(op.root(), *image)
                                             : system::open_parent(op.root().prefix(), *image));
    const std::string id = hex(op.context().op_id);
    return plugin::Place{std::move(found.dir), found.name, ".#" + found.name + id,
                         ".#trash-" + found.name + id};
}

Result<void> check_image(Operation& op, const record::UserRecord& record, Image expected) {
    const auto image = record::Effective(record, op.machine()).text("imagePath");
    if (!image) return ok();
    // One that is there already is what a new home is made on, and one that is not may be
    // elsewhere.
    if (is_device_path(*image))
        return expected == Image::absent ? require_device(op.root(), *image) : ok();
    auto found = system::open_parent(op.root().prefix(), *image);
    if (!found && found.error().code() == Code::home_absent) {
        return expected == Image::present ? image_absent(*image) : std::move(found).error();
    }
    if (!found) return std::move(found).error();
    struct stat status {};
    const bool there =
        ::fstatat(found->dir.get(), found->name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
    if (there && S_ISLNK(status.st_mode)) return image_is_link(*image);
    if (there && expected == Image::absent) return image_exists(*image);
    if (!there && expected == Image::present) return image_absent(*image);
    return ok();
}

Result<system::SafePlace> home_directory_of(Operation& op, const record::UserRecord& record) {
    return system::open_parent(op.root().prefix(),
                               record::Effective(record, op.machine()).home_directory());
}

Result<void> check_target(const system::SafePlace& target, bool is_image_itself) {
    struct stat status {};
    const bool missing =
        ::fstatat(target.dir.get(), target.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 &&
        errno == ENOENT;
    if (missing || is_image_itself || is_empty(target.dir.get(), target.name)) return ok();
    return in_use(target.name);
}

Result<bool> prepare_target(const system::SafePlace& target, bool is_image_itself) {
    if (::mkdirat(target.dir.get(), target.name.c_str(), 0700) == 0) return false;
    if (errno != EEXIST) {
        return Error(Code::io, "home-directory",
                     "Cannot make the folder " + target.name + " for the home.")
            .sys(errno);
    }
    HEARTH_CHECK(check_target(target, is_image_itself));
    return true;
}

void remove_target(const system::SafePlace& target) {
    // Only an empty folder can be removed this way, and a mount point cannot: both are meant.
    ::unlinkat(target.dir.get(), target.name.c_str(), AT_REMOVEDIR);
}

}  // namespace hearth::operation
