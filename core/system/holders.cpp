// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/holders.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <climits>
#include <functional>
#include <memory>
#include <optional>

#include "core/base/unique_fd.hpp"
#include "core/system/files.hpp"

namespace hearth::system {

namespace {

using Wanted = std::function<bool(const struct statx&)>;

struct Kind {
    const char* place;
    const char* words;
};
constexpr std::array kSingle{Kind{"cwd", "current folder"}, Kind{"root", "root folder"},
                             Kind{"exe", "program"}};
constexpr std::array kFolders{Kind{"fd", "open file"}, Kind{"map_files", "mapped file"}};

// The links of /proc are followed to the very file, through whatever mount it was opened.
bool is_on(const struct statx& info, dev_t device) {
    return makedev(info.stx_dev_major, info.stx_dev_minor) == device;
}

bool leads_there(int dir_fd, const std::string& name, const Wanted& wanted) {
    struct statx info {};
    if (statx(dir_fd, name.c_str(), AT_STATX_DONT_SYNC, STATX_MNT_ID, &info) != 0) return false;
    return wanted(info);
}

std::string target_of(int dir_fd, const std::string& name) {
    std::array<char, PATH_MAX> target{};
    const ssize_t length = readlinkat(dir_fd, name.c_str(), target.data(), target.size());
    return length < 0 ? std::string()
                      : std::string(target.data(), static_cast<std::size_t>(length));
}

std::vector<std::string> names_in(int dir_fd, const char* folder) {
    std::vector<std::string> names;
    UniqueFd fd(openat(dir_fd, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(fd ? fdopendir(fd.get()) : nullptr, closedir);
    if (!stream) return names;
    fd.release();
    while (const dirent* entry = readdir(stream.get()))
        if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
    return names;
}

std::optional<std::string> what_it_holds(int process_fd, const Wanted& wanted) {
    for (const Kind& kind : kSingle)
        if (leads_there(process_fd, kind.place, wanted))
            return std::string(kind.words) + " " + target_of(process_fd, kind.place);
    for (const Kind& kind : kFolders) {
        for (const std::string& name : names_in(process_fd, kind.place)) {
            const std::string link = std::string(kind.place) + "/" + name;
            if (leads_there(process_fd, link, wanted))
                return std::string(kind.words) + " " + target_of(process_fd, link);
        }
    }
    return std::nullopt;
}

std::string comm_of(int process_fd) {
    auto comm = read_file_at(process_fd, "comm", 64);
    if (!comm) return "?";
    std::erase(*comm, '\n');
    return std::move(comm).value();
}

bool is_number(const std::string& text) {
    return std::all_of(text.begin(), text.end(),
                       [](unsigned char c) { return std::isdigit(c) != 0; });
}

std::vector<Holder> find_holders(const Wanted& wanted, std::size_t limit) {
    std::vector<Holder> holders;
    const UniqueFd proc(open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    for (const std::string& name : names_in(proc.get(), ".")) {
        if (holders.size() == limit) break;
        if (!is_number(name)) continue;
        const UniqueFd process(
            openat(proc.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!process) continue;
        if (auto what = what_it_holds(process.get(), wanted))
            holders.push_back(
                {static_cast<pid_t>(std::stol(name)), comm_of(process.get()), std::move(*what)});
    }
    return holders;
}

}  // namespace

std::vector<Holder> find_mount_holders(std::uint64_t mount_id, std::size_t limit) {
    return find_holders(
        [mount_id](const struct statx& info) { return info.stx_mnt_id == mount_id; }, limit);
}

std::vector<Holder> find_device_holders(dev_t device, std::size_t limit) {
    return find_holders([device](const struct statx& info) { return is_on(info, device); }, limit);
}

std::vector<Holder> find_owner_holders(dev_t device, uid_t uid, std::size_t limit) {
    return find_holders(
        [device, uid](const struct statx& info) {
            return info.stx_uid == uid && is_on(info, device);
        },
        limit);
}

Error busy_error(const std::string& what, const std::vector<Holder>& holders) {
    return Error(Code::home_busy, "home-busy", what + " is still in use.")
        .why(list_holders(holders))
        .hint("End these programs, then try again.");
}

std::string list_holders(const std::vector<Holder>& holders) {
    if (holders.empty())
        return "Which process uses it could not be found out; it may run in a container.";
    std::string list = holders.size() == 1 ? "A process uses it: " : "Processes use it: ";
    for (const Holder& holder : holders) {
        if (&holder != &holders.front()) list += "; ";
        list += holder.comm + " (" + std::to_string(holder.pid) + ", " + holder.what + ")";
    }
    return list + ".";
}

}  // namespace hearth::system
