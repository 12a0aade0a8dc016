// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/file_error.hpp"

#include <cerrno>

#include "core/system/files.hpp"

namespace hearth::system {

namespace {

std::string quoted(const std::string& name) {
    return "\"" + name + "\"";
}

Error no_space(const std::string& name, int sys_errno) {
    return Error(Code::no_space, "file-no-space",
                 "There is no room left to write " + quoted(name) + ".")
        .sys(sys_errno)
        .hint("Free some space on this file system, or raise the quota.");
}

bool is_no_space(int sys_errno) {
    return sys_errno == ENOSPC || sys_errno == EDQUOT;
}

}  // namespace

Error open_error(const std::string& name, int sys_errno) {
    switch (sys_errno) {
        case ENOENT:
            return Error(Code::home_absent, "file-absent", quoted(name) + " does not exist.")
                .sys(sys_errno);
        case ENOTDIR:
            return Error(Code::invalid_argument, "file-not-a-folder",
                         quoted(name) + " is not a folder.")
                .sys(sys_errno);
        case ELOOP:
            return Error(Code::permission, "file-not-regular",
                         quoted(name) + " is a symbolic link, which is not followed here.")
                .sys(sys_errno);
        case EEXIST:
            return Error(Code::home_exists, "file-exists", quoted(name) + " exists already.")
                .sys(sys_errno);
        case ENOSPC:
        case EDQUOT:
            return no_space(name, sys_errno);
        default:
            return Error(Code::io, "file-open", quoted(name) + " cannot be opened.").sys(sys_errno);
    }
}

Error create_error(const std::string& name, int sys_errno) {
    if (is_no_space(sys_errno)) return no_space(name, sys_errno);
    if (sys_errno == EEXIST) return open_error(name, sys_errno);
    return Error(Code::io, "file-create", quoted(name) + " cannot be created.").sys(sys_errno);
}

Error write_error(const std::string& name, int sys_errno) {
    if (is_no_space(sys_errno)) return no_space(name, sys_errno);
    return Error(Code::io, "file-write", quoted(name) + " cannot be written.").sys(sys_errno);
}

Error remove_error(const std::string& name, int sys_errno) {
    if (sys_errno == ENOTEMPTY || sys_errno == EEXIST)
        return Error(Code::home_exists, "file-not-empty",
                     "The folder " + quoted(name) + " is not empty.")
            .sys(sys_errno);
    if (sys_errno == EBUSY)
        return Error(Code::home_busy, "home-busy",
                     quoted(name) + " cannot be removed: something is mounted there.")
            .sys(sys_errno);
    return Error(Code::io, "file-remove", quoted(name) + " cannot be removed.").sys(sys_errno);
}

Error rename_error(const std::string& from, const std::string& to, int sys_errno) {
    if (sys_errno == EEXIST) return open_error(to, sys_errno);
    if (sys_errno == ENOENT) return open_error(from, sys_errno);
    return Error(Code::io, "file-rename",
                 quoted(from) + " cannot be renamed to " + quoted(to) + ".")
        .sys(sys_errno);
}

Error not_regular(const std::string& name) {
    return Error(Code::permission, "file-not-regular", quoted(name) + " is not a regular file.");
}

Error too_large(const std::string& name, std::size_t max) {
    return Error(Code::corrupt, "file-too-large",
                 "The file " + quoted(name) + " is larger than " + std::to_string(max) + " bytes.");
}

Result<void> check_name(const std::string& name) {
    if (is_plain_name(name)) return ok();
    return Error(Code::invalid_argument, "file-name-unsafe",
                 "A file cannot be called " + quoted(name) + " here.")
        .why("It must be a single name without a slash.");
}

}  // namespace hearth::system
