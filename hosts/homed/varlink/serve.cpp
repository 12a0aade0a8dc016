// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/varlink/serve.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "hosts/homed/varlink/counted.hpp"
#include "hosts/homed/varlink/ping.hpp"
#include "hosts/homed/varlink/user_database.hpp"

namespace hearth::homed::varlink {

namespace {

constexpr char kFolder[] = "/run/systemd/userdb";
constexpr char kName[] = "io.systemd.Home";

/// A client may write anything there.
bool is_known(std::string_view method) {
    constexpr std::array<std::string_view, 3> kMethods = {"GetUserRecord", "GetGroupRecord",
                                                          "GetMemberships"};
    return std::find(kMethods.begin(), kMethods.end(), method) != kMethods.end();
}

/// The usual limit is for programs that wait with select(); every client takes a file.
void allow_many_files() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

Result<std::unique_ptr<Server>> serve(service::Loop& loop, service::Service& service) {
    HEARTH_TRY(socket, Socket::listen(service.root().path(kFolder), kName));
    allow_many_files();
    std::vector<std::unique_ptr<Interface>> interfaces;
    interfaces.push_back(std::make_unique<Counted>(
        std::make_unique<UserDatabase>(service.homes(), service.machine().id, kName),
        [&service](std::string_view method) {
            service.metrics().count_varlink(is_known(method) ? method : "other");
        }));
    interfaces.push_back(std::make_unique<Ping>());
    return std::make_unique<Server>(loop, std::move(socket), std::move(interfaces));
}

}  // namespace hearth::homed::varlink
