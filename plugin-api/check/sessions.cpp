// SPDX-License-Identifier: MIT
// Calls of the plugin with their results looked at.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "core/base/unique_fd.hpp"
#include "core/system/files.hpp"
#include "life.hpp"

namespace hearth::check {
namespace {

constexpr const char* kMarker = "checked-letter";
constexpr std::string_view kText = "This file belongs to the home that was made first.\n";

/// Room for what a plugin fills in, with nothing behind it if the bench wants that.
template <typename T>
class Output {
  public:
    explicit Output(const Bench& bench) {
        if (bench.settings().guards_outputs) there_ = GuardedMemory::copy_of(own_);
    }
    T* operator->() { return there_; }
    T* get() { return there_; }

  private:
    T own_{};
    char slack_[256] = {};  // a plugin that writes too far is to fail in its own rule only
    T* there_ = &own_;
};

Did opened(Bench& bench, const char* name, Did did, OpenHome& home) {
    if (did.ok() && home.session == nullptr)
        return bench.broke(Breach::result, std::string(name) + " succeeds without a session");
    if (!did.ok() && !did.broken() && home.session != nullptr) {
        home.session = nullptr;  // who knows what it is
        return bench.broke(Breach::result, std::string(name) + " fails and leaves a session");
    }
    if (!did.ok()) home.session = nullptr;
    return did;
}

bool is_system_root(int fd) {
    struct stat here {
    }, root{};
    return ::fstat(fd, &here) == 0 && ::stat("/", &root) == 0 && here.st_dev == root.st_dev &&
           here.st_ino == root.st_ino;
}

Did check_root(Bench& bench, const hearth_root& root) {
    if (root.fd < 0) return bench.broke(Breach::result, "mount succeeds without a root");
    if (root.kind != HEARTH_ROOT_PLAIN_DIR && root.kind != HEARTH_ROOT_DETACHED_MOUNT)
        return bench.broke(Breach::code, "mount gives a root of an unknown kind");
    if (is_system_root(root.fd))
        return {Did::kLost, "mount gives the root of the whole system for a home"};
    return {};
}

}  // namespace

Did unlock_only(Bench& bench, OpenHome& out) {
    auto did = bench.call("unlock_medium", &hearth_storage::unlock_medium, bench.record(),
                          hearth_flags{0}, &out.session);
    DID_STEP(opened(bench, "unlock_medium", std::move(did), out));
    return {};
}

Did begin_create(Bench& bench, OpenHome& out) {
    const auto list = bench.credentials(bench.settings().listed_passwords);
    auto did = bench.call("create", &hearth_storage::create, bench.record(), list.data(),
                          list.size(), &out.session);
    return opened(bench, "create", std::move(did), out);
}

Did mount_folder(Bench& bench, OpenHome& home) {
    Output<hearth_root> root(bench);
    root->struct_size = sizeof(hearth_root);
    root->fd = -1;
    DID_STEP(bench.call("mount", &hearth_storage::mount, home.session, root.get()));
    DID_STEP(check_root(bench, *root.get()));
    home.root_fd = root->fd;
    home.subdir = root->subdir == nullptr ? "" : root->subdir;
    home.detached = root->kind == HEARTH_ROOT_DETACHED_MOUNT;
    home.idmap = root->idmap != 0;
    home.owner = root->owner;
    const std::string name = home.subdir.empty() ? "." : home.subdir;
    home.folder = ::openat(root->fd, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (home.folder >= 0) return {};
    if (errno == EMFILE) return {HEARTH_E_IO, "too many open files"};
    return {Did::kLost,
            "mount gives a root that cannot be opened: " + std::string(std::strerror(errno))};
}

Did end_session(Bench& bench, OpenHome& home, std::uint32_t disposition) {
    Did unmounted;
    if (home.folder >= 0) {
        ::close(std::exchange(home.folder, -1));
        if (disposition != HEARTH_CLOSE_KEEP_ACTIVE)
            unmounted = bench.call("unmount", &hearth_storage::unmount, home.session);
    }
    auto* const session = std::exchange(home.session, nullptr);
    if (session == nullptr) return unmounted;
    if (!unmounted.ok()) disposition = HEARTH_CLOSE_ROLLBACK;
    auto closed = bench.call("close", &hearth_storage::close, session, disposition);
    return unmounted.ok() ? closed : unmounted;
}

Did write_marker(Bench&, const OpenHome& home) {
    const UniqueFd file(
        ::openat(home.folder, kMarker, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (file &&
        ::write(file.get(), kText.data(), kText.size()) == static_cast<ssize_t>(kText.size()) &&
        ::fsync(file.get()) == 0)
        return {};
    if (errno == ENOSPC || errno == EDQUOT || errno == EMFILE)
        return {HEARTH_E_NO_SPACE, "the home is full"};
    return {Did::kLost,
            "a file cannot be written in the home: " + std::string(std::strerror(errno))};
}

Did read_marker(Bench&, const OpenHome& home) {
    const auto text = system::read_file_at(home.folder, kMarker, 4096);
    if (text && *text == kText) return {};
    if (!text && text.error().sys_errno() == EMFILE) return {HEARTH_E_IO, "too many open files"};
    return {Did::kLost, "a file that was written into the home is not in it any more"};
}

Did state_of(Bench& bench, std::uint32_t& out) {
    Output<std::uint32_t> found(bench);
    *found.get() = UINT32_MAX;
    DID_STEP(bench.call("state", &hearth_storage::state, bench.record(), found.get()));
    out = *found.get();
    if (out == UINT32_MAX) return bench.broke(Breach::result, "state succeeds without a state");
    if (out > HEARTH_STATE_LOCKED)
        return bench.broke(Breach::code, "state gives " + std::to_string(out) + ", which is none");
    return {};
}

Did usage_of(Bench& bench, hearth_usage& out) {
    Output<hearth_usage> found(bench);
    constexpr auto unknown = HEARTH_UNKNOWN_SIZE;
    *found.get() = {sizeof(hearth_usage), 0, unknown, unknown, unknown, unknown, unknown};
    DID_STEP(bench.call("usage", &hearth_storage::usage, bench.record(), -1, found.get()));
    out = *found.get();
    return {};
}

Did probe_of(Bench& bench, int fd, hearth_probe& out) {
    Output<hearth_probe> found(bench);
    found->struct_size = sizeof(hearth_probe);
    DID_STEP(bench.call("probe", &hearth_storage::probe, fd, found.get()));
    out = *found.get();
    if (out.certainty > HEARTH_PROBE_CERTAIN)
        return bench.broke(Breach::code, "probe gives an unknown certainty");
    return {};
}

}  // namespace hearth::check
