// SPDX-License-Identifier: LGPL-2.1-or-later
// Times look-ups of several services side by side: bench-lookup ROUNDS USER GROUP NAME=ROOT...
//
// ROOT is the root folder of the namespace that a service runs in, for example /proc/4711/root. The
// services take turns, a few calls each, so that whatever else the machine does hits all of them.
// Prints a JSON object: operation -> service -> median in microseconds.
//
// bench-lookup ROUNDS USER: asks the name service of this namespace instead. Then there is but one
// median for each operation.
#include <grp.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/unique_fd.hpp"

namespace {

using hearth::UniqueFd;
using Call = std::function<void()>;
using Times = std::vector<double>;

constexpr int kBatch = 20;
constexpr char kUsers[] = "/run/systemd/userdb/io.systemd.Home";
constexpr char kBus[] = "/run/dbus/system_bus_socket";

[[noreturn]] void fail(const std::string& text) {
    std::fprintf(stderr, "bench-lookup: %s\n", text.c_str());
    std::exit(1);
}

UniqueFd connect_to(const std::string& path) {
    UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        fail("nobody listens on " + path);
    return fd;
}

/// Sends a message and waits for the reply, whose end is a NUL.
std::string ask(int fd, const std::string& message, const char* expected = "\"record\"") {
    char buffer[65536];
    ssize_t got = 0;
    if (::send(fd, message.data(), message.size(), MSG_NOSIGNAL) < 0) fail("cannot send");
    std::string reply;
    do {
        got = ::recv(fd, buffer, sizeof buffer, 0);
        if (got <= 0) fail("no reply");
        reply.append(buffer, static_cast<std::size_t>(got));
    } while (reply.back() != '\0');
    if (reply.find(expected) == std::string::npos) fail("not what was asked for: " + reply);
    return reply;
}

/// The last of several replies is the one behind which no other is promised.
void ask_for_all(int fd, const std::string& message) {
    constexpr std::string_view kContinues = "\"continues\":true}";
    std::string replies = ask(fd, message, "\"groupName\"");
    char buffer[65536];
    while (std::string_view(replies).substr(0, replies.size() - 1).ends_with(kContinues)) {
        do {
            const ssize_t got = ::recv(fd, buffer, sizeof buffer, 0);
            if (got <= 0) fail("no more replies");
            replies.append(buffer, static_cast<std::size_t>(got));
        } while (replies.back() != '\0');
    }
}

/// A call to the user database, with these parameters.
std::string message(const char* method, const std::string& parameters, bool more = false) {
    return std::string(R"({"method":"io.systemd.UserDatabase.)") + method + R"(","parameters":{)" +
           parameters + R"(,"service":"io.systemd.Home"})" + (more ? R"(,"more":true})" : "}") +
           '\0';
}

/// The first number of this name in a reply.
unsigned number_in(const std::string& reply, const std::string& name) {
    const std::size_t at = reply.find("\"" + name + "\":");
    if (at == std::string::npos) fail("no " + name + ": " + reply);
    return static_cast<unsigned>(std::strtoul(reply.c_str() + at + name.size() + 3, nullptr, 10));
}

struct BusClose {
    void operator()(sd_bus* bus) const { sd_bus_flush_close_unref(bus); }
};
using Bus = std::unique_ptr<sd_bus, BusClose>;

Bus connect_to_bus(const std::string& path) {
    sd_bus* raw = nullptr;
    if (sd_bus_new(&raw) < 0) fail("no bus");
    Bus bus(raw);
    if (sd_bus_set_address(raw, ("unix:path=" + path).c_str()) < 0 ||
        sd_bus_set_bus_client(raw, 1) < 0 || sd_bus_start(raw) < 0)
        fail("cannot connect to the bus " + path);
    return bus;
}

void ask_bus(sd_bus* bus, const char* method, const std::string& user) {
    sd_bus_error error = SD_BUS_ERROR_NULL;
    sd_bus_message* reply = nullptr;
    if (sd_bus_call_method(bus, "org.freedesktop.home1", "/org/freedesktop/home1",
                           "org.freedesktop.home1.Manager", method, &error, &reply, "s",
                           user.c_str()) < 0)
        fail(std::string(method) + ": " + error.message);
    sd_bus_message_unref(reply);
}

void ask_bus_for(sd_bus* bus, const char* method, unsigned uid) {
    sd_bus_error error = SD_BUS_ERROR_NULL;
    sd_bus_message* reply = nullptr;
    if (sd_bus_call_method(bus, "org.freedesktop.home1", "/org/freedesktop/home1",
                           "org.freedesktop.home1.Manager", method, &error, &reply, "u", uid) < 0)
        fail(std::string(method) + ": " + error.message);
    sd_bus_message_unref(reply);
}

/// A call that libsystemd answers by itself: what the way over the bus and back costs.
void ping(sd_bus* bus) {
    if (sd_bus_call_method(bus, "org.freedesktop.home1", "/org/freedesktop/home1",
                           "org.freedesktop.DBus.Peer", "Ping", nullptr, nullptr, "") < 0)
        fail("nobody is on the bus");
}

/// The service that nothing is faster than: it sends the same bytes to everybody.
class Echo {
  public:
    explicit Echo(std::size_t bytes) {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) fail("no sockets");
        near_.reset(ends[0]);
        const UniqueFd far(ends[1]);
        child_ = ::fork();
        if (child_ != 0) return;
        near_.reset();
        const std::string reply = "\"record\"" + std::string(bytes, 'x') + '\0';
        char buffer[4096];
        while (::recv(far.get(), buffer, sizeof buffer, 0) > 0)
            if (::send(far.get(), reply.data(), reply.size(), MSG_NOSIGNAL) < 0) break;
        ::_exit(0);
    }
    Echo(const Echo&) = delete;
    Echo& operator=(const Echo&) = delete;
    ~Echo() {
        ::kill(child_, SIGKILL);
        ::waitpid(child_, nullptr, 0);
    }
    [[nodiscard]] int fd() const { return near_.get(); }

  private:
    UniqueFd near_;
    pid_t child_;
};

/// One operation, as each of the services does it.
using Sides = std::map<std::string, Call>;

void time_batch(const Call& call, Times& times) {
    for (int i = 0; i < kBatch; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        call();
        const std::chrono::duration<double, std::micro> took =
            std::chrono::steady_clock::now() - begin;
        times.push_back(took.count());
    }
}

double median(Times& times) {
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
    std::nth_element(times.begin(), middle, times.end());
    return *middle;
}

/// The first round warms up and does not count.
void measure(const std::string& operation, const Sides& sides, int rounds, bool last) {
    std::map<std::string, Times> times;
    for (int round = 0; round <= rounds; ++round) {
        for (const auto& [name, call] : sides) {
            if (round == 1) times[name].clear();
            time_batch(call, times[name]);
        }
    }
    std::printf("\"%s\": {", operation.c_str());
    const char* comma = "";
    for (auto& [name, list] : times) {
        std::printf("%s\"%s\": %.2f", comma, name.c_str(), median(list));
        comma = ", ";
    }
    std::printf("}%s", last ? "" : ", ");
}

struct Service {
    std::string name;
    std::string root;
    UniqueFd users;
    Bus bus;
};

std::vector<Service> connect_all(char** sides, int count) {
    std::vector<Service> services;
    for (int i = 0; i < count; ++i) {
        const std::string side = sides[i];
        const std::size_t equals = side.find('=');
        if (equals == std::string::npos) fail("not NAME=ROOT: " + side);
        const std::string root = side.substr(equals + 1);
        services.push_back(
            {side.substr(0, equals), root, connect_to(root + kUsers), connect_to_bus(root + kBus)});
    }
    return services;
}

/// What each service is asked, by the operation.
using Operations = std::vector<std::pair<std::string, Sides>>;

void add_calls(Operations& all, const Service& one, const std::string& user,
               const std::string& group) {
    auto add = [&, at = std::size_t{0}](const char* name, Call call) mutable {
        if (at == all.size()) all.emplace_back(name, Sides());
        all[at++].second[one.name] = std::move(call);
    };
    const std::string by_name = message("GetUserRecord", R"("userName":")" + user + '"');
    const unsigned uid = number_in(ask(one.users.get(), by_name), "uid");
    const auto ask_with = [&](const std::string& text, const char* expected = "\"record\"") {
        return [fd = one.users.get(), text, expected] { ask(fd, text, expected); };
    };
    const auto ask_for_pairs = [&](const std::string& parameters) {
        return [fd = one.users.get(), text = message("GetMemberships", parameters, true)] {
            ask_for_all(fd, text);
        };
    };
    const auto on_bus = [&](const char* method) {
        return [bus = one.bus.get(), method, user] { ask_bus(bus, method, user); };
    };
    const auto on_bus_by_uid = [&](const char* method) {
        return [bus = one.bus.get(), method, uid] { ask_bus_for(bus, method, uid); };
    };
    add("GetUserRecord", ask_with(by_name));
    add("GetUserRecord-connect",
        [&one, by_name] { ask(connect_to(one.root + kUsers).get(), by_name); });
    add("GetUserRecord-uid", ask_with(message("GetUserRecord", "\"uid\":" + std::to_string(uid))));
    add("GetGroupRecord", ask_with(message("GetGroupRecord", R"("groupName":")" + user + '"')));
    add("GetMemberships",
        ask_with(message("GetMemberships",
                         R"("userName":")" + user + R"(","groupName":")" + group + '"'),
                 "\"groupName\""));
    add("GetMemberships-user", ask_for_pairs(R"("userName":")" + user + '"'));
    add("GetMemberships-group", ask_for_pairs(R"("groupName":")" + group + '"'));
    for (const char* method : {"GetHomeByName", "GetUserRecordByName"}) add(method, on_bus(method));
    for (const char* method : {"GetHomeByUID", "GetUserRecordByUID"})
        add(method, on_bus_by_uid(method));
}

void measure_all(const std::vector<Service>& services, const std::string& user,
                 const std::string& group, int rounds) {
    const Echo echo(3500);
    Operations all;
    for (const Service& one : services) add_calls(all, one, user, group);
    for (auto& [name, sides] : all) {
        if (name == "GetUserRecord") sides["floor"] = [&] { ask(echo.fd(), "anything"); };
        if (name == "GetHomeByName") sides["floor"] = [&] { ping(services.front().bus.get()); };
    }
    std::printf("{");
    for (const auto& [name, sides] : all) measure(name, sides, rounds, name == all.back().first);
    std::printf("}\n");
}

/// As every program on the machine asks: through the C library, and whatever it asks.
void measure_name_service(const std::string& user, int rounds) {
    const passwd* const entry = ::getpwnam(user.c_str());
    if (entry == nullptr) fail("the name service does not know " + user);
    const uid_t uid = entry->pw_uid;
    const std::vector<std::pair<std::string, Call>> all = {
        {"getpwnam",
         [&] {
             if (::getpwnam(user.c_str()) == nullptr) fail("no such user");
         }},
        {"getpwuid",
         [&] {
             if (::getpwuid(uid) == nullptr) fail("no such UID");
         }},
        {"getgrnam",
         [&] {
             if (::getgrnam(user.c_str()) == nullptr) fail("no such group");
         }},
        {"getgrouplist",
         [&] {
             gid_t groups[64];
             int count = 64;
             if (::getgrouplist(user.c_str(), uid, groups, &count) < 1) fail("no groups");
         }},
    };
    std::printf("{");
    for (const auto& [name, call] : all) {
        Times times;
        for (int round = 0; round <= rounds; ++round) {
            if (round == 1) times.clear();
            time_batch(call, times);
        }
        std::printf("\"%s\": %.2f%s", name.c_str(), median(times),
                    name == all.back().first ? "" : ", ");
    }
    std::printf("}\n");
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 3) {
        measure_name_service(argv[2], std::atoi(argv[1]));
        return 0;
    }
    if (argc < 5) fail("ROUNDS USER [GROUP NAME=ROOT...]");
    const auto services = connect_all(argv + 4, argc - 4);
    measure_all(services, argv[2], argv[3], std::atoi(argv[1]));
    return 0;
}
