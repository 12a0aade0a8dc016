// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "core/record/json.hpp"
#include "core/service/registry.hpp"
#include "hosts/homed/varlink/ping.hpp"
#include "hosts/homed/varlink/router.hpp"
#include "hosts/homed/varlink/user_database.hpp"

namespace {

using namespace hearth;
using namespace hearth::homed::varlink;

constexpr char kService[] = "io.systemd.Home";

void require(bool condition) {
    if (!condition) std::abort();
}

/// Two homes that are nowhere, and all that is said about them.
struct World {
    World() : registry(surroundings), router(interfaces()) {
        for (const char* record :
             {R"({"userName":"ada","uid":60001,"memberOf":["wheel"],"privileged":{"x":1}})",
              R"({"userName":"bob","uid":60002,"realm":"a.b","aliases":["robert"]})"})
            registry.add_unfixated(record::UserRecord::parse(record).value());
    }
    std::vector<std::unique_ptr<Interface>> interfaces() {
        std::vector<std::unique_ptr<Interface>> all;
        all.push_back(std::make_unique<UserDatabase>(registry, surroundings.machine.id, kService));
        all.push_back(std::make_unique<Ping>());
        return all;
    }
    service::Surroundings surroundings{home::Root("/nonexistent"),
                                       {std::string(32, '1'), ""},
                                       [](const record::CompactRecord&) { return false; }};
    service::Registry registry;
    Router router;
};

/// The reply begins at `text`. Returns whether another follows.
bool check_reply(const char* text) {
    const auto reply = record::parse_json_object(text);
    require(reply.has_value());
    require(reply->get("parameters").object() != nullptr);
    require(std::string(text).find("\"x\":1") == std::string::npos);
    return reply->get("continues").flag().value_or(false);
}

}  // namespace

/// Whatever is asked: either it is no call, or there is one reply, or as many as say that another
/// follows and one more; none to those who want none, and strangers see no secrets.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const World world;
    const auto call = parse_call({reinterpret_cast<const char*>(data), size});
    if (!call) return 0;
    std::string out;
    const auto stream = world.router.call(*call, Peer{1}, out);
    while (stream && stream->next(out)) {
    }
    require(out.empty() == call->oneway);
    bool more = !call->oneway;
    for (std::size_t at = 0; at < out.size(); at = out.find('\0', at) + 1) {
        require(more);
        more = check_reply(out.c_str() + at);
    }
    require(!more);
    return 0;
}
