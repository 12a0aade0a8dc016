// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/auto_login.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <fstream>

#include "hosts/homed/bus/context.hpp"
#include "hosts/homed/bus/paths.hpp"
#include "hosts/homed/bus/trampoline.hpp"

namespace hearth::homed {

namespace {

constexpr const char* kFirstSeat = "seat0";

/// Where the disk is plugged in, as udev has noted it.
std::string seat_of(const service::Home& home, const home::Root& root) {
    struct stat device {};
    if (!home.image_path().starts_with("/dev/") ||
        ::stat(root.path(home.image_path()).c_str(), &device) != 0 || !S_ISBLK(device.st_mode))
        return kFirstSeat;
    std::ifstream notes(root.path("/run/udev/data/b" + std::to_string(major(device.st_rdev)) + ":" +
                                  std::to_string(minor(device.st_rdev))));
    constexpr std::string_view kSeat = "E:ID_SEAT=";
    for (std::string line; std::getline(notes, line);)
        if (line.starts_with(kSeat) && line.size() > kSeat.size()) return line.substr(kSeat.size());
    return kFirstSeat;
}

}  // namespace

std::vector<AutoLogin> auto_logins(const service::Service& service) {
    std::vector<AutoLogin> out;
    for (const auto& [user, home] : service.homes().homes())
        if (home->auto_login() && home->state() != service::State::absent)
            out.push_back({user, seat_of(*home, service.root())});
    return out;
}

int get_auto_login(sd_bus* /*bus*/, const char* /*path*/, const char* /*interface*/,
                   const char* /*property*/, sd_bus_message* reply, void* context,
                   sd_bus_error* error) noexcept {
    return guarded(error, [&] {
        int r = sd_bus_message_open_container(reply, 'a', "(sso)");
        for (const AutoLogin& one : auto_logins(static_cast<Context*>(context)->service))
            if (r >= 0)
                r = sd_bus_message_append(reply, "(sso)", one.user.c_str(), one.seat.c_str(),
                                          path_of_home(one.user).c_str());
        return r < 0 ? r : sd_bus_message_close_container(reply);
    });
}

}  // namespace hearth::homed
