// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/tokens/recovery_key.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "hosts/homectl/output/text.hpp"
#include "hosts/homectl/passwords/terminal.hpp"
#include "hosts/homectl/tokens/qr_code.hpp"

namespace hearth::homectl {

namespace {

Error bad_file(const std::string& path) {
    return Error(Code::invalid_argument, "recovery-key-file",
                 "The recovery key cannot be written to " + clean(path) + ".")
        .hint("Name a file that is not there yet, in a folder that you may write to.");
}

bool write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(fd, text.data(), text.size());
        if (written <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

Result<RecoveryKeyPlace> RecoveryKeyPlace::open(const std::string& path) {
    if (path.empty()) {
        if (Terminal::open()) return RecoveryKeyPlace("", UniqueFd());
        return Error(Code::not_supported, "recovery-key-nowhere",
                     "There is no terminal on which the recovery key could be shown.")
            .hint("Run homectl on a terminal, or name a new file with --recovery-key-file=PATH.");
    }
    UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!fd) return bad_file(path).sys(errno);
    return RecoveryKeyPlace(path, std::move(fd));
}

Result<void> RecoveryKeyPlace::write_file(const secret::Secret& key) {
    const bool written = write_all(file_.get(), key.view()) && write_all(file_.get(), "\n") &&
                         ::fsync(file_.get()) == 0;
    if (written) return ok();
    return bad_file(path_).sys(errno);
}

Result<void> RecoveryKeyPlace::write(const secret::Secret& key, const std::string& user) {
    if (file_) return write_file(key);
    HEARTH_TRY(terminal, Terminal::open());
    terminal.say("The recovery key of " + user +
                 " opens the home when the password is forgotten. Write it down, and keep it in a "
                 "safe place; it is not shown again:");
    terminal.show(key);
    if (const auto code = qr_code_of(key)) {
        terminal.say("The same for a camera:");
        terminal.show(*code);
    }
    return ok();
}

void RecoveryKeyPlace::give_up() {
    if (file_) ::unlink(path_.c_str());
}

}  // namespace hearth::homectl
