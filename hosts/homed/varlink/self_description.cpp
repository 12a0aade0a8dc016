// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/varlink/self_description.hpp"

#include <algorithm>

#include "core/record/json.hpp"
#include "hosts/homed/varlink/parameters.hpp"
#include "hosts/homed/varlink/reply.hpp"

namespace hearth::homed::varlink {

std::string_view SelfDescription::description() const {
    return R"(# What every Varlink service tells about itself
interface org.varlink.service

method GetInfo() -> (
  vendor: string,
  product: string,
  version: string,
  url: string,
  interfaces: []string
)

method GetInterfaceDescription(interface: string) -> (description: string)

error InterfaceNotFound(interface: string)
error MethodNotFound(method: string)
error MethodNotImplemented(method: string)
error InvalidParameter(parameter: string)
error PermissionDenied()
error ExpectedMore()
)";
}

std::unique_ptr<Stream> SelfDescription::call(const Call& call, const Peer&, std::string& out) {
    if (call.method == "org.varlink.service.GetInfo")
        get_info(call, out);
    else if (call.method == "org.varlink.service.GetInterfaceDescription")
        get_description(call, out);
    else
        append_method_not_found(out, call.method);
    return nullptr;
}

void SelfDescription::get_info(const Call& call, std::string& out) const {
    if (const auto bad = read_parameters(call.parameters, {}))
        return append_invalid_parameter(out, *bad);
    std::vector<std::string> names;
    for (const auto& interface : interfaces_) names.emplace_back(interface->name());
    std::sort(names.begin(), names.end());
    record::Object info;
    info.set("vendor", "The Hearth developers");
    info.set("product", "Hearth");
    info.set("version", HEARTH_VERSION);
    info.set("url", "");
    info.set("interfaces", std::move(names));
    append_reply(out, record::to_canonical(info));
}

void SelfDescription::get_description(const Call& call, std::string& out) const {
    std::optional<std::string_view> name;
    if (const auto bad = read_parameters(call.parameters, {{"interface", &name}}))
        return append_invalid_parameter(out, *bad);
    if (!name) return append_invalid_parameter(out, "interface");
    for (const auto& interface : interfaces_)
        if (interface->name() == *name)
            return append_reply(out, "{\"description\":" + quoted(interface->description()) + "}");
    append_interface_not_found(out, *name);
}

}  // namespace hearth::homed::varlink
