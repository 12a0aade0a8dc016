// SPDX-License-Identifier: MIT
#include "workplace.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

#include "core/base/unique_fd.hpp"
#include "core/system/process.hpp"

namespace hearth::check {
namespace {

namespace fs = std::filesystem;

/// Enough for every rule, and no more than a test machine has. The file has holes.
constexpr off_t kImageSize = off_t{512} << 20U;

std::string temporary_folder() {
    const char* wanted = std::getenv("TMPDIR");
    return wanted != nullptr && wanted[0] == '/' ? wanted : "/tmp";
}

/// Runs a program of the system without its output.
bool run(const std::vector<std::string>& command) {
    for (const char* folder : {"/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"}) {
        const std::string path = folder + command.front();
        if (::access(path.c_str(), X_OK) != 0) continue;
        system::SpawnRequest request;
        request.program = path;
        request.arguments = command;
        request.environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"};
        auto child = system::spawn(request);
        if (!child) return false;
        const auto ended = child->wait();
        return ended && ended->success();
    }
    return false;
}

struct Kind {
    const char* features;
    const char* options;
};

/// ext4 with everything that a medium in a folder may want, as far as this kernel has it. The image
/// has no name any more once it is mounted, and its loop device goes with the mount.
bool mount_loop(const std::string& folder) {
    const std::string image = folder + ".ext4";
    bool mounted = false;
    for (const auto& [features, options] :
         {Kind{"encrypt,quota,project", "loop,prjquota"}, Kind{"encrypt", "loop"}}) {
        const UniqueFd file(::open(image.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
        mounted = file && ::ftruncate(file.get(), kImageSize) == 0 &&
                  run({"mkfs.ext4", "-q", "-F", "-m", "0", "-O", features, image}) &&
                  run({"mount", "-o", options, image, folder});
        ::unlink(image.c_str());
        if (mounted) break;
    }
    return mounted;
}

}  // namespace

bool Workplace::mount_own() {
    if (::geteuid() != 0 || ::unshare(CLONE_NEWNS) != 0 ||
        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
        return false;
    if (mount_loop(folder_)) return true;
    return ::mount("hearth-plugin-check", folder_.c_str(), "tmpfs", 0, "mode=700,size=256m") == 0;
}

Outcome Workplace::prepare(const std::string& place, bool keep) {
    keep_ = keep;
    const std::string above = place.empty() ? temporary_folder() : fs::absolute(place).string();
    std::string pattern = above + "/hearth-plugin-check.XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr)
        return failed("no folder can be made in " + above + ": " + std::strerror(errno));
    folder_ = pattern;
    // A mount of our own would be gone with this process: nothing could be kept.
    if (place.empty() && !keep) is_mounted_ = mount_own();
    return passed();
}

Workplace::~Workplace() {
    if (folder_.empty()) return;
    if (keep_) {
        static_cast<void>(std::fprintf(stderr, "kept: %s\n", folder_.c_str()));
        return;
    }
    if (is_mounted_) ::umount2(folder_.c_str(), MNT_DETACH);
    std::error_code error;
    fs::remove_all(folder_, error);
}

std::string Workplace::make_folder(const std::string& name) const {
    std::string path = folder_ + "/" + name;
    return ::mkdir(path.c_str(), 0700) == 0 ? path : std::string();
}

void Workplace::drop_folder(const std::string& path) const {
    std::error_code error;
    if (!keep_) fs::remove_all(path, error);
}

}  // namespace hearth::check
