// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/varlink/reply.hpp"

#include "core/record/json.hpp"

namespace hearth::homed::varlink {

namespace {

constexpr std::string_view kCommon = "org.varlink.service.";

void append_common(std::string& out, std::string_view name, std::string_view field,
                   std::string_view value) {
    append_error(out, std::string(kCommon).append(name),
                 "{" + quoted(field) + ":" + quoted(value) + "}");
}

}  // namespace

void append_reply(std::string& out, std::string_view parameters, bool continues) {
    out.append(R"({"parameters":)").append(parameters);
    out.append(continues ? R"(,"continues":true})" : "}").push_back('\0');
}

void append_error(std::string& out, std::string_view name, std::string_view parameters) {
    out.append(R"({"error":")").append(name).append(R"(","parameters":)").append(parameters);
    out.append("}").push_back('\0');
}

void append_invalid_parameter(std::string& out, std::string_view parameter) {
    append_common(out, "InvalidParameter", "parameter", parameter);
}

void append_method_not_found(std::string& out, std::string_view method) {
    append_common(out, "MethodNotFound", "method", method);
}

void append_interface_not_found(std::string& out, std::string_view interface) {
    append_common(out, "InterfaceNotFound", "interface", interface);
}

void append_expected_more(std::string& out) {
    append_error(out, std::string(kCommon) + "ExpectedMore");
}

std::string quoted(std::string_view text) {
    return record::to_canonical(record::Value(text));
}

}  // namespace hearth::homed::varlink
