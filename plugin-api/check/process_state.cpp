// SPDX-License-Identifier: MIT
#include "process_state.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <clocale>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

namespace hearth::check {
namespace {

namespace fs = std::filesystem;
using Facts = std::map<std::string, std::string>;

std::string link_of(const std::string& path) {
    std::array<char, 4096> target{};
    const ssize_t length = ::readlink(path.c_str(), target.data(), target.size());
    return length < 0 ? "" : std::string(target.data(), static_cast<std::size_t>(length));
}

void add_files(Facts& facts) {
    const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc/self/fd"), ::closedir);
    while (const dirent* entry = folder ? ::readdir(folder.get()) : nullptr) {
        const std::string name = entry->d_name;
        if (name[0] == '.' || name == std::to_string(::dirfd(folder.get()))) continue;
        facts["the open file " + name] = link_of("/proc/self/fd/" + name);
    }
}

/// Threads, umask and blocked signals, in the kernel's words.
void add_status(Facts& facts) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        for (const char* wanted : {"Threads:", "Umask:", "SigBlk:"})
            if (line.starts_with(wanted))
                facts["the process's " + line.substr(0, line.find(':'))] =
                    line.substr(line.find('\t') + 1);
}

/// A thread that was joined is counted for a moment longer: whoever joins it waits for less.
void let_threads_end() {
    constexpr int kTries = 40;
    Facts facts;
    for (int i = 0; i < kTries; ++i) {
        add_status(facts);
        if (facts["the process's Threads"] == "1") return;
        ::poll(nullptr, 0, 5);
    }
}

void add_children(Facts& facts) {
    std::ifstream children("/proc/self/task/" + std::to_string(::getpid()) + "/children");
    for (std::string pid; children >> pid;) facts["the child process " + pid] = "runs";
}

void add_environment(Facts& facts) {
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string text = *entry;
        facts["the environment variable " + text.substr(0, text.find('='))] = text;
    }
}

void add_signals(Facts& facts) {
    for (int signal = 1; signal < NSIG; ++signal) {
        struct sigaction action {};
        if (::sigaction(signal, nullptr, &action) != 0) continue;
        facts["the handler of signal " + std::to_string(signal)] =
            std::to_string(reinterpret_cast<std::uintptr_t>(action.sa_handler));
    }
}

void add_limits(Facts& facts) {
    for (const auto which : {RLIMIT_NOFILE, RLIMIT_MEMLOCK, RLIMIT_CORE, RLIMIT_FSIZE}) {
        rlimit limit{};
        ::getrlimit(which, &limit);
        facts["the limit " + std::to_string(which)] = std::to_string(limit.rlim_cur);
    }
}

void add_mounts(Facts& facts) {
    std::ifstream mounts("/proc/self/mountinfo");
    for (std::string line; std::getline(mounts, line);) {
        const auto id = line.substr(0, line.find(' '));
        facts["the mount " + id] = line;
    }
}

void add_loops(Facts& facts, const std::string& folder) {
    std::error_code error;
    for (const auto& device : fs::directory_iterator("/sys/block", error)) {
        std::ifstream file(device.path() / "loop" / "backing_file");
        std::string backing;
        if (std::getline(file, backing) && backing.starts_with(folder + "/"))
            facts["the loop device " + device.path().filename().string()] = backing;
    }
}

}  // namespace

std::set<int> inheritable_files() {
    std::set<int> out;
    const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc/self/fd"), ::closedir);
    while (const dirent* entry = folder ? ::readdir(folder.get()) : nullptr) {
        const int fd = std::atoi(entry->d_name);
        if (const int flags = ::fcntl(fd, F_GETFD); flags >= 0 && (flags & FD_CLOEXEC) == 0)
            out.insert(fd);
    }
    return out;
}

ProcessState ProcessState::take(const std::string& folder) {
    ProcessState out;
    let_threads_end();
    add_files(out.facts_);
    add_status(out.facts_);
    add_children(out.facts_);
    add_environment(out.facts_);
    add_signals(out.facts_);
    add_limits(out.facts_);
    add_mounts(out.facts_);
    if (!folder.empty()) add_loops(out.facts_, folder);
    out.facts_["the current folder"] = link_of("/proc/self/cwd");
    const char* locale = std::setlocale(LC_ALL, nullptr);
    out.facts_["the locale"] = locale == nullptr ? "" : locale;
    return out;
}

ProcessState ProcessState::without_caches() const {
    ProcessState out = *this;
    std::erase_if(out.facts_, [](const auto& fact) {
        return fact.first.starts_with("the open file") || fact.first.ends_with("Threads");
    });
    return out;
}

std::string ProcessState::difference(const ProcessState& later) const {
    for (const auto& [what, value] : later.facts_) {
        const auto before = facts_.find(what);
        if (before == facts_.end()) return what + " is new (" + value + ")";
        if (before->second != value) return what + " was " + before->second + " and is " + value;
    }
    for (const auto& [what, value] : facts_)
        if (!later.facts_.contains(what)) return what + " (" + value + ") is gone";
    return {};
}

}  // namespace hearth::check
