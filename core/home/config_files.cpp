// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/home/config_files.hpp"

#include <fcntl.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <map>
#include <optional>

#include "core/base/unique_fd.hpp"
#include "core/system/files.hpp"

namespace hearth::home {

namespace {

constexpr std::array<const char*, 4> kFolders = {"/etc/systemd", "/run/systemd",
                                                 "/usr/local/lib/systemd", "/usr/lib/systemd"};
constexpr std::size_t kMost = std::size_t{64} * 1024;

/// Links are followed, as in all configuration; one to /dev/null is an empty file. Nothing: there
/// is no such file.
std::optional<ConfigFile> read(const std::string& path, std::vector<Error>& problems) {
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    const int why = errno;
    if (!fd && (why == ENOENT || why == ENOTDIR)) return std::nullopt;
    const auto unreadable = [&path] {
        return Error(Code::io, "config-unreadable", "The file " + path + " cannot be read.")
            .hint("Its settings do not count until it can.");
    };
    if (!fd) {
        problems.push_back(unreadable().sys(why));
        return ConfigFile{path, ""};
    }
    auto text = system::read_fd(fd.get(), path, kMost);
    if (!text) problems.push_back(unreadable().why(text.error().one_line()));
    return ConfigFile{path, std::move(text).value_or("")};
}

/// Path by name; what is there already stays.
void find_drop_ins(const std::string& folder, std::map<std::string, std::string>& found) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().string();
        if (name.ends_with(".conf") && !name.starts_with('.'))
            found.emplace(name, entry.path().string());
    }
}

}  // namespace

std::vector<ConfigFile> find_config_files(const Root& root, std::vector<Error>& problems) {
    std::vector<ConfigFile> out;
    std::map<std::string, std::string> drop_ins;
    for (const std::string folder : kFolders) {
        const std::string path = root.path(folder + "/homed.conf");
        if (out.empty())
            if (auto file = read(path, problems)) out.push_back(*std::move(file));
        find_drop_ins(path + ".d", drop_ins);
    }
    for (const auto& [name, path] : drop_ins)
        if (auto file = read(path, problems)) out.push_back(*std::move(file));
    return out;
}

}  // namespace hearth::home
