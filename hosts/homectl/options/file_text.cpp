// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/options/file_text.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "core/base/unique_fd.hpp"
#include "hosts/homectl/output/text.hpp"

namespace hearth::homectl {

namespace {

constexpr std::size_t kLimit = std::size_t{1} << 20;

Error unreadable(const std::string& path, std::string_view option, int sys_errno) {
    return Error(Code::invalid_argument, "option-file-unreadable",
                 "The file " + clean(path) + " of --" + std::string(option) + " cannot be read.")
        .sys(sys_errno);
}

}  // namespace

Result<std::string> read_text_file(const std::string& path, std::string_view option) {
    // A symlink is fine here: the caller names a file of their own.
    UniqueFd owned;
    if (path != "-") owned.reset(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    const int fd = path == "-" ? STDIN_FILENO : owned.get();
    if (fd < 0) return unreadable(path, option, errno);
    std::string text;
    std::array<char, 4096> buffer{};
    for (;;) {
        const ssize_t got = read(fd, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return unreadable(path, option, errno);
        if (got == 0) return text;
        text.append(buffer.data(), static_cast<std::size_t>(got));
        if (text.size() > kLimit)
            return Error(Code::invalid_argument, "option-file-too-large",
                         "The file " + clean(path) + " of --" + std::string(option) +
                             " is larger than 1 MiB.");
    }
}

}  // namespace hearth::homectl
