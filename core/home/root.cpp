// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/home/root.hpp"

#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "core/system/files.hpp"

namespace hearth::home {

namespace {

constexpr std::size_t kMachineIdLength = 32;
constexpr std::size_t kMaxMachineIdFile = 4096;

bool is_machine_id(const std::string& text) {
    return text.size() == kMachineIdLength && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

std::string kernel_host_name() {
    utsname names{};
    return ::uname(&names) == 0 ? names.nodename : "";
}

}  // namespace

std::string Root::path(std::string_view absolute) const {
    return prefix_ + std::string(absolute);
}

std::vector<std::string> Root::key_dirs() const {
    return {path("/etc/systemd/home"), path("/run/systemd/home"), state_dir(),
            path("/usr/local/lib/systemd/home"), path("/usr/lib/systemd/home")};
}

Result<void> make_private_dir(const Root& root, const std::string& path) {
    if (::access(path.c_str(), F_OK) == 0) return ok();
    std::error_code error;
    std::filesystem::create_directories(root.state_dir(), error);
    for (const std::string& folder : {root.hearth_dir(), path}) {
        if (!error && ::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
            error.assign(errno, std::generic_category());
        }
    }
    if (!error) return ok();
    return Error(Code::io, "state-folder", "Cannot make the folder " + path + ".")
        .sys(error.value());
}

Result<record::Machine> read_machine(const Root& root) {
    const std::string path = root.path("/etc/machine-id");
    auto text = system::open_dir(root.path("/etc")).and_then([](UniqueFd&& etc) {
        return system::read_file_at(etc.get(), "machine-id", kMaxMachineIdFile);
    });
    if (!text) {
        return Error(Code::not_supported, "machine-id-missing",
                     "This machine has no identity: " + path + " cannot be read.")
            .hint("Create it with systemd-machine-id-setup, or give --root a folder that has one.")
            .why(text.error().one_line());
    }
    std::string id = text->substr(0, text->find('\n'));
    if (!is_machine_id(id)) {
        return Error(Code::corrupt, "machine-id-invalid",
                     path + " does not hold a machine ID: 32 lower-case hexadecimal digits.")
            .hint("Create it anew with systemd-machine-id-setup.");
    }
    return record::Machine{std::move(id), kernel_host_name()};
}

}  // namespace hearth::home
