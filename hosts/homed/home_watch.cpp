// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/home_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "core/discovery/storage_kind.hpp"
#include "core/home/image_name.hpp"
#include "core/plugin/registry.hpp"
#include "hosts/homed/log.hpp"

namespace hearth::homed {

namespace {

/// What is still being copied or renamed has come to rest by then, mostly.
constexpr std::uint64_t kSettleUsec = 200'000;
/// At that many changed names the whole folder is read instead.
constexpr std::size_t kMostLooks = 16;
constexpr std::uint32_t kHomeEvents = IN_CREATE | IN_CLOSE_WRITE | IN_DELETE | IN_MOVED_TO |
                                      IN_MOVED_FROM | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
constexpr std::uint32_t kDeviceEvents = IN_MOVED_TO | IN_DELETE | IN_ONLYDIR;

Error no_watch() {
    return Error(Code::io, "home-watch",
                 "Homes that appear in /home or on a device cannot be noticed.")
        .sys(errno)
        .hint("Send the service SIGUSR1 to make it look.");
}

/// USER of USER.suffix and USER@REALM.suffix; "" for what is not called like a home.
std::string user_of(const std::string& name) {
    const auto whose = home::name_of_image(name);
    return whose ? whose->user : "";
}

}  // namespace

HomeWatch::HomeWatch(service::Service& service)
    : service_(service),
      discovery_(service.root(), service.machine(),
                 discovery::storage_kinds(plugin::Registry::scan(plugin::default_folders())),
                 [&service](const record::UserRecord& found) {
                     return service.homes().neighbours_of(found);
                 }) {}

Result<void> HomeWatch::start() {
    look_everywhere();
    fd_.reset(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    if (!fd_) return no_watch();
    const home::Root& root = service_.root();
    homes_ = ::inotify_add_watch(fd_.get(), root.path("/home").c_str(), kHomeEvents);
    if (homes_ < 0) return no_watch();
    // What udevd knows of devices; it need not run.
    devices_ = ::inotify_add_watch(fd_.get(), root.path("/run/udev/data").c_str(), kDeviceEvents);
    watch_ = service_.loop().watch(fd_.get(), [this] { on_readable(); });
    return ok();
}

void HomeWatch::on_readable() {
    alignas(inotify_event) std::array<char, 16384> buffer{};
    ssize_t n = 0;
    while ((n = ::read(fd_.get(), buffer.data(), buffer.size())) > 0) {
        for (const char* at = buffer.data(); at < buffer.data() + n;) {
            inotify_event event{};
            std::memcpy(&event, at, sizeof event);
            const std::string_view padded(at + sizeof event, event.len);
            if (event.wd == homes_ && event.len > 0)
                changed_.emplace(padded.substr(0, padded.find('\0')));
            else
                everything_ = true;
            at += sizeof event + event.len;
        }
    }
    look_soon();
}

void HomeWatch::look_everywhere_soon() {
    everything_ = true;
    look_soon();
}

void HomeWatch::look_soon() {
    if (soon_) return;
    soon_ = service_.loop().after(kSettleUsec, [this] {
        const auto over = std::move(soon_);
        look_at_changed();
    });
}

void HomeWatch::look_at_changed() {
    const auto names = std::exchange(changed_, {});
    // The names of all records are read for each look, but only once for all of them.
    if (std::exchange(everything_, false) || names.size() > kMostLooks) return look_everywhere();
    for (const std::string& name : names) look_at(name);
}

void HomeWatch::look_at(const std::string& name) {
    const std::string user = user_of(name);
    const service::Home* const known = user.empty() ? nullptr : service_.homes().find(user);
    // A home with a record tells its own state.
    if (user.empty() || (known != nullptr && known->is_fixated())) return;
    const std::string image = "/home/" + name;
    if (::access(service_.root().path(image).c_str(), F_OK) != 0) {
        if (known != nullptr && known->image_path() == image) service_.lost(user);
        return;
    }
    if (auto found = discovery_.look_at(image)) service_.found(*found);
}

void HomeWatch::look_everywhere() {
    std::set<std::string> there;
    for (const record::UserRecord& record : discovery_.scan()) {
        there.insert(record.user_name());
        service_.found(record);
    }
    std::set<std::string> gone;
    for (const auto& [user, home] : service_.homes().homes())
        if (!home->is_fixated() && !there.contains(user)) gone.insert(user);
    for (const std::string& user : gone) service_.lost(user);
}

}  // namespace hearth::homed
