// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/service/references.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

namespace hearth::service {

namespace {

Error no_fifo(const std::string& path) {
    return Error(Code::io, "reference-fifo",
                 "What counts the users of a home cannot be set up: " + path + ".")
        .sys(errno);
}

std::string folder(const home::Root& root) {
    return root.path("/run/systemd/home");
}

constexpr std::string_view kPlease = ".please-suspend";
constexpr std::string_view kDont = ".dont-suspend";

std::string fifo_path(const home::Root& root, const std::string& user, bool please_suspend) {
    return folder(root) + "/" + user + std::string(please_suspend ? kPlease : kDont);
}

Result<void> make_fifo(const home::Root& root, const std::string& path) {
    for (const std::string& dir : {root.path("/run"), root.path("/run/systemd"), folder(root)})
        if (::mkdir(dir.c_str(), 0755) != 0 && errno != EEXIST) return no_fifo(dir);
    if (::mkfifo(path.c_str(), 0600) != 0 && errno != EEXIST) return no_fifo(path);
    return ok();
}

/// Nobody has a reason to write, but anybody could.
bool is_over(int fd) {
    std::array<char, 256> unread{};
    ssize_t n = 0;
    do n = ::read(fd, unread.data(), unread.size());
    while (n > 0 || (n < 0 && errno == EINTR));
    return n == 0;
}

}  // namespace

Result<void> References::listen(Side& side, const std::string& path, Loop& loop, const Gone& gone) {
    UniqueFd reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW));
    struct stat info {};
    if (!reader || ::fstat(reader.get(), &info) != 0) return no_fifo(path);
    if (!S_ISFIFO(info.st_mode)) {
        errno = EEXIST;
        return no_fifo(path);
    }
    side.reader = std::move(reader);
    side.watch = loop.watch_first(side.reader.get(), [this, &side, gone] {
        if (!is_over(side.reader.get())) return;
        // The handle owns this function: what is needed of it comes along. It ends before its fd is
        // closed, so that it is not taken for the next one of that number.
        const Gone own_gone = gone;
        side.close();
        if (!any()) own_gone();
    });
    return ok();
}

Result<UniqueFd> References::add(const home::Root& root, Loop& loop, const std::string& user,
                                 bool please_suspend, Gone gone) {
    const std::string path = fifo_path(root, user, please_suspend);
    Side& chosen = side(please_suspend);
    HEARTH_CHECK(make_fifo(root, path));
    if (!chosen.reader) HEARTH_CHECK(listen(chosen, path, loop, gone));
    UniqueFd writer(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW));
    if (!writer) return no_fifo(path);
    return writer;
}

std::set<std::string> References::left_behind(const home::Root& root) {
    std::set<std::string> users;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder(root), error)) {
        const std::string name = entry.path().filename().string();
        for (const std::string_view suffix : {kPlease, kDont})
            if (name.ends_with(suffix)) users.insert(name.substr(0, name.size() - suffix.size()));
    }
    return users;
}

Result<bool> References::restore(const home::Root& root, Loop& loop, const std::string& user,
                                 const Gone& gone) {
    bool ended = false;
    for (const bool please_suspend : {true, false}) {
        const std::string path = fifo_path(root, user, please_suspend);
        if (::access(path.c_str(), F_OK) != 0) continue;
        Side& found = side(please_suspend);
        HEARTH_CHECK(listen(found, path, loop, gone));
        if (!is_over(found.reader.get())) continue;
        found.close();
        ended = true;
    }
    if (ended && !any()) gone();
    return ended || any();
}

void References::remove(const home::Root& root, const std::string& user) {
    please_.close();
    dont_.close();
    for (const bool please_suspend : {true, false})
        ::unlink(fifo_path(root, user, please_suspend).c_str());
}

}  // namespace hearth::service
