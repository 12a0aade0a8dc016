// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/home/machine_sleep.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "core/base/unique_fd.hpp"
#include "core/system/disk_sync.hpp"
#include "core/system/files.hpp"
#include "core/system/kernel_file.hpp"
#include "core/system/suspension.hpp"

namespace hearth::home {

namespace {

constexpr const char* kSwitch = "/sys/power/sync_on_suspend";

Error cannot(const std::string& what) {
    return Error(Code::io, "sleep-sync",
                 "What the kernel does before the machine sleeps cannot be changed.")
        .why(what)
        .hint("While a home is locked, /sys/power/sync_on_suspend has to be 0 for a sleep; else 1.")
        .sys(errno);
}

std::string folder_of(const Root& root) {
    return root.run_dir() + "/locked";
}

/// Everybody's turn: whoever looks and writes does both before the next one looks.
Result<UniqueFd> take_turn(const Root& root) {
    UniqueFd dir(::open(root.run_dir().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!dir || ::flock(dir.get(), LOCK_EX) != 0) return cannot(root.run_dir() + " is not there.");
    return dir;
}

/// No: this kernel never sleeps, or leaves it out anyway.
bool kernel_syncs() {
    std::ifstream file(kSwitch);
    char value = 0;
    return file.get(value) && value == '1';
}

Result<void> tell_kernel(std::string_view value) {
    if (system::write_kernel_file(AT_FDCWD, kSwitch, value)) return ok();
    return cannot(std::string(kSwitch) + " cannot be written.");
}

Result<void> remember(const std::string& folder, const std::string& user,
                      const std::string& home_directory) {
    HEARTH_TRY(dir, system::open_dir(folder));
    return system::write_file_atomic_at(dir.get(), user, home_directory, {},
                                        system::Durability::atomic);
}

/// Forgets those that are not locked any more. True: none is left.
bool forget_unlocked(const std::string& folder) {
    bool none = true;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        std::string home;
        std::getline(std::ifstream(entry.path()), home);
        if (system::is_suspended(AT_FDCWD, home))
            none = false;
        else
            ::unlink(entry.path().c_str());
    }
    return none && !error;
}

}  // namespace

Result<UniqueFd> prepare_sleep_with(const Root& root, const std::string& user,
                                    const std::string& home_directory) {
    HEARTH_TRY(turn, take_turn(root));
    const std::string folder = folder_of(root);
    const bool is_first = ::access(folder.c_str(), F_OK) != 0;
    if (is_first && !kernel_syncs()) return turn;
    system::sync_disks();
    if (is_first && ::mkdir(folder.c_str(), 0700) != 0) return cannot(folder + " cannot be made.");
    HEARTH_CHECK(remember(folder, user, home_directory));
    HEARTH_CHECK(tell_kernel("0"));
    return turn;
}

/// The folder goes last: as long as it is there, somebody has to put things right.
Result<void> restore_sleep(const Root& root) {
    const std::string folder = folder_of(root);
    if (::access(folder.c_str(), F_OK) != 0) return ok();
    HEARTH_TRY(turn, take_turn(root));
    if (!forget_unlocked(folder)) return ok();
    HEARTH_CHECK(tell_kernel("1"));
    ::rmdir(folder.c_str());
    return ok();
}

}  // namespace hearth::home
