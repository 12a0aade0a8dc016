// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/control_group.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "core/system/kernel_file.hpp"

namespace hearth::system {

namespace {

constexpr const char* kTop = "/sys/fs/cgroup";
/// What this process itself is moved to, and the prefix of what children are in.
constexpr const char* kOwn = "service";
constexpr std::string_view kChild = "worker-";

/// The folder of this process's cgroup; only cgroup v2 has a line that begins like that.
std::string own_folder() {
    constexpr std::string_view kUnified = "0::/";
    std::ifstream file("/proc/self/cgroup");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(kUnified)) return kTop + line.substr(kUnified.size() - 1);
    return "";
}

UniqueFd open_folder(int parent, const char* path) {
    return UniqueFd(::openat(parent, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

bool is_cgroup(int fd) {
    struct statfs about {};
    return ::fstatfs(fd, &about) == 0 && about.f_type == CGROUP2_SUPER_MAGIC;
}

/// The system manager marks what it gives away: in anything else it would be in its way.
bool is_given(int fd) {
    std::array<char, 2> value{};
    return ::fgetxattr(fd, "trusted.delegate", value.data(), value.size()) == 1 && value[0] == '1';
}

bool move_into(int folder, const char* name) {
    if (::mkdirat(folder, name, 0755) != 0 && errno != EEXIST) return false;
    const UniqueFd part = open_folder(folder, name);
    return part && write_kernel_file(part.get(), "cgroup.procs", "0");
}

/// What somebody who was killed left; a child that the kernel does not let end keeps its own.
void remove_old(int folder, const std::string& path) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(kChild)) ::unlinkat(folder, name.c_str(), AT_REMOVEDIR);
    }
}

}  // namespace

ControlGroup& ControlGroup::operator=(ControlGroup&& other) noexcept {
    if (this == &other) return *this;
    remove();
    parent_ = std::move(other.parent_);
    name_ = std::move(other.name_);
    folder_ = std::move(other.folder_);
    left_ = std::move(other.left_);
    return *this;
}

ControlGroup::~ControlGroup() {
    remove();
}

void ControlGroup::remove() {
    folder_.reset();
    if (parent_ && ::unlinkat(parent_.get(), name_.c_str(), AT_REMOVEDIR) != 0)
        left_->push_back(name_);
    parent_.reset();
}

bool ControlGroup::ran_out_of_memory() const {
    const UniqueFd fd(::openat(folder_.get(), "memory.events", O_RDONLY | O_CLOEXEC));
    std::array<char, 512> text{};
    const ssize_t size = fd ? ::read(fd.get(), text.data(), text.size()) : 0;
    if (size <= 0) return false;
    constexpr std::string_view kKey = "oom_kill ";
    const std::string_view all(text.data(), static_cast<std::size_t>(size));
    const auto at = all.find(kKey);
    return at != std::string_view::npos && all.substr(at + kKey.size(), 1) != "0";
}

std::optional<ControlGroups> ControlGroups::take_over() {
    const std::string path = own_folder();
    UniqueFd folder = open_folder(AT_FDCWD, path.c_str());
    if (!folder || !is_cgroup(folder.get()) || !is_given(folder.get())) return std::nullopt;
    if (!move_into(folder.get(), kOwn)) return std::nullopt;
    if (!write_kernel_file(folder.get(), "cgroup.subtree_control", "+memory +pids"))
        return std::nullopt;
    // Processes that never sleep are then one party beside this process, however many they are.
    static_cast<void>(write_kernel_file(folder.get(), "cgroup.subtree_control", "+cpu"));
    remove_old(folder.get(), path);
    return ControlGroups(std::move(folder));
}

std::optional<ControlGroup> ControlGroups::make(const GroupLimits& limits) {
    std::erase_if(*left_, [&](const std::string& name) {
        return ::unlinkat(folder_.get(), name.c_str(), AT_REMOVEDIR) == 0;
    });
    std::string name = std::string(kChild) + std::to_string(++last_);
    if (::mkdirat(folder_.get(), name.c_str(), 0755) != 0) return std::nullopt;
    UniqueFd parent(::fcntl(folder_.get(), F_DUPFD_CLOEXEC, 0));
    UniqueFd folder = open_folder(folder_.get(), name.c_str());
    const int fd = folder.get();
    ControlGroup group(std::move(parent), std::move(name), std::move(folder), left_);
    if (fd < 0 || !write_kernel_file(fd, "memory.max", std::to_string(limits.memory)) ||
        !write_kernel_file(fd, "pids.max", std::to_string(limits.processes)))
        return std::nullopt;
    // Neither is there on every kernel. Half a worker would be worse than none.
    static_cast<void>(write_kernel_file(fd, "memory.swap.max", "0"));
    static_cast<void>(write_kernel_file(fd, "memory.oom.group", "1"));
    return group;
}

}  // namespace hearth::system
