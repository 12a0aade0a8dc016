// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/record/object.hpp"
#include "core/record/value.hpp"

namespace hearth::homed::varlink {

/// No request is longer: the longest that makes sense is some hundred bytes.
inline constexpr std::size_t kMaxCall = std::size_t{16} * 1024;

/// What a client asks for.
struct Call {
    /// INTERFACE.METHOD
    std::string method;
    record::Object parameters;
    /// The client takes several replies.
    bool more = false;
    /// The client takes none.
    bool oneway = false;

    /// Empty if the method has none.
    [[nodiscard]] std::string_view interface() const {
        const std::size_t dot = method.rfind('.');
        return std::string_view(method).substr(0, dot == std::string::npos ? 0 : dot);
    }
};

/// Reads one message, without the NUL behind it. Errors: varlink-call, or those of the gate for
/// JSON: whoever sends that does not speak Varlink, and gets no answer.
Result<Call> parse_call(std::string_view message);

}  // namespace hearth::homed::varlink
