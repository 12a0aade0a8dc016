// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/trust.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <climits>
#include <string_view>

namespace hearth::plugin {
namespace {

constexpr int kMaxLinks = 16;

Error untrusted_folder(const std::string& folder, std::string why) {
    return Error(Code::permission, "plugin-untrusted-folder",
                 "Plugins are not taken from \"" + folder + "\".")
        .why(std::move(why))
        .hint("Every folder on the way must belong to root and be writable by root only.");
}

Error untrusted_file(const std::string& file, std::string why) {
    return Error(Code::permission, "plugin-untrusted-file",
                 "The plugin \"" + file + "\" is not loaded.")
        .why(std::move(why))
        .hint("It must be a regular file that belongs to root and is writable by root only.");
}

bool only_root_writes(const struct stat& status) {
    return status.st_uid == 0 && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/// Walks a path component by component, so that what was checked is what is used.
class Walk {
  public:
    explicit Walk(const std::string& path) : shown_(path), rest_(path) {}

    Result<UniqueFd> run() {
        HEARTH_CHECK(restart());
        while (!rest_.empty()) HEARTH_CHECK(step(next_component()));
        return std::move(here_);
    }

  private:
    Result<void> restart() {
        here_.reset(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!here_) return untrusted_folder(shown_, "The root folder cannot be opened.");
        return check_here("/");
    }

    std::string next_component() {
        const auto slash = rest_.find('/');
        std::string component = rest_.substr(0, slash);
        rest_ = slash == std::string::npos ? "" : rest_.substr(slash + 1);
        return component;
    }

    Result<void> step(const std::string& component) {
        if (component.empty() || component == ".") return ok();
        UniqueFd next(::openat(here_.get(), component.c_str(),
                               O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        // A symbolic link opened as a directory is ENOTDIR on Linux.
        if (!next && (errno == ELOOP || errno == ENOTDIR)) return follow(component);
        if (!next) return missing(component);
        here_ = std::move(next);
        return check_here(component);
    }

    /// The folder that holds the link can be written by root only, so the link says what root wants
    /// it to say.
    Result<void> follow(const std::string& component) {
        std::array<char, PATH_MAX> target{};
        const ssize_t length =
            ::readlinkat(here_.get(), component.c_str(), target.data(), target.size());
        if (length <= 0)
            return untrusted_folder(shown_, "\"" + component + "\" in it is not a folder.");
        if (++links_ > kMaxLinks)
            return untrusted_folder(shown_, "It leads through too many symbolic links.");
        const std::string_view text(target.data(), static_cast<std::size_t>(length));
        rest_ = std::string(text) + "/" + rest_;
        return text.front() == '/' ? restart() : ok();
    }

    Result<void> missing(const std::string& component) const {
        const int cause = errno;
        if (cause == ENOENT)
            return Error(Code::not_supported, "plugin-folder-missing",
                         "There is no folder \"" + shown_ + "\".");
        return untrusted_folder(shown_, "\"" + component + "\" cannot be opened.").sys(cause);
    }

    Result<void> check_here(const std::string& component) const {
        struct stat status {};
        if (::fstat(here_.get(), &status) != 0)
            return untrusted_folder(shown_, "\"" + component + "\" cannot be examined.");
        if (only_root_writes(status)) return ok();
        return untrusted_folder(
            shown_, "Others than root can write to \"" + component + "\" on the way to it.");
    }

    std::string shown_;
    std::string rest_;
    UniqueFd here_;
    int links_ = 0;
};

}  // namespace

Result<UniqueFd> open_trusted_folder(const std::string& absolute_path) {
    if (absolute_path.empty() || absolute_path.front() != '/')
        return untrusted_folder(absolute_path, "It is not an absolute path.");
    return Walk(absolute_path).run();
}

Result<UniqueFd> open_trusted_at(int folder, const std::string& name, const std::string& shown) {
    if (name.empty() || name.find('/') != std::string::npos || name == "." || name == "..")
        return untrusted_file(shown, "Its name is not a plain file name.");
    // O_NONBLOCK: a FIFO must not keep us waiting.
    UniqueFd file(::openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
    if (!file && errno == ELOOP) return untrusted_file(shown, "It is a symbolic link.");
    if (const int cause = errno; !file) return untrusted_file(shown, "").sys(cause);
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) return untrusted_file(shown, "It cannot be examined.");
    if (!S_ISREG(status.st_mode)) return untrusted_file(shown, "It is not a regular file.");
    if (!only_root_writes(status))
        return untrusted_file(shown, "Others than root can write to it.");
    return file;
}

Result<UniqueFd> open_trusted(const std::string& absolute_path) {
    const auto slash = absolute_path.rfind('/');
    if (slash == std::string::npos)
        return untrusted_folder(absolute_path, "It is not an absolute path.");
    HEARTH_TRY(folder, open_trusted_folder(absolute_path.substr(0, slash + 1)));
    return open_trusted_at(folder.get(), absolute_path.substr(slash + 1), absolute_path);
}

}  // namespace hearth::plugin
