// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

namespace hearth::homed::varlink {

/// Each appends one whole message. `parameters` is JSON text of an object.
void append_reply(std::string& out, std::string_view parameters, bool continues = false);
void append_error(std::string& out, std::string_view name, std::string_view parameters = "{}");

// The errors that every interface shares.
void append_invalid_parameter(std::string& out, std::string_view parameter);
void append_method_not_found(std::string& out, std::string_view method);
void append_interface_not_found(std::string& out, std::string_view interface);
/// The call has several answers, and the client takes one.
void append_expected_more(std::string& out);

/// A text as JSON.
[[nodiscard]] std::string quoted(std::string_view text);

}  // namespace hearth::homed::varlink
