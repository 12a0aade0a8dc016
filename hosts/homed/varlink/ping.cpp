// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/varlink/ping.hpp"

#include "hosts/homed/varlink/parameters.hpp"
#include "hosts/homed/varlink/reply.hpp"

namespace hearth::homed::varlink {

std::string_view Ping::description() const {
    return R"(# Is the service there?
interface io.systemd.service

method Ping() -> ()
)";
}

std::unique_ptr<Stream> Ping::call(const Call& call, const Peer&, std::string& out) {
    if (call.method != "io.systemd.service.Ping")
        append_method_not_found(out, call.method);
    else if (const auto bad = read_parameters(call.parameters, {}))
        append_invalid_parameter(out, *bad);
    else
        append_reply(out, "{}");
    return nullptr;
}

}  // namespace hearth::homed::varlink
