// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/varlink/router.hpp"

#include "hosts/homed/varlink/reply.hpp"
#include "hosts/homed/varlink/self_description.hpp"

namespace hearth::homed::varlink {

Router::Router(std::vector<std::unique_ptr<Interface>> interfaces)
    : interfaces_(std::move(interfaces)) {
    interfaces_.push_back(std::make_unique<SelfDescription>(interfaces_));
}

Interface* Router::find(std::string_view name) const {
    for (const auto& interface : interfaces_)
        if (interface->name() == name) return interface.get();
    return nullptr;
}

std::unique_ptr<Stream> Router::call(const Call& call, const Peer& peer, std::string& out) const {
    const std::size_t before = out.size();
    std::unique_ptr<Stream> stream;
    if (Interface* const interface = find(call.interface()))
        stream = interface->call(call, peer, out);
    else
        append_interface_not_found(out, call.interface());
    if (!call.oneway) return stream;
    out.resize(before);
    return nullptr;
}

}  // namespace hearth::homed::varlink
