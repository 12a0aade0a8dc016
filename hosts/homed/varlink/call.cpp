// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/varlink/call.hpp"

#include "core/record/json.hpp"

namespace hearth::homed::varlink {

namespace {

constexpr record::JsonLimits kLimits{kMaxCall, 16, 1024};

Error malformed(std::string why) {
    return Error(Code::invalid_argument, "varlink-call", "This is not a Varlink call.")
        .why(std::move(why));
}

Result<bool> flag_of(const std::string& name, const record::Value& value) {
    const auto flag = value.flag();
    return flag ? Result<bool>(*flag) : malformed(name + " is neither true nor false.");
}

Result<void> take(Call& call, const std::string& name, record::Value& value) {
    if (name == "method") {
        if (value.string() == nullptr) return malformed("The method is not a text.");
        call.method = *value.string();
    } else if (name == "parameters") {
        if (value.object() == nullptr && !value.is_null())
            return malformed("The parameters are not an object.");
        if (value.object() != nullptr) call.parameters = std::move(*value.object());
    } else if (name == "more" || name == "oneway") {
        HEARTH_TRY(flag, flag_of(name, value));
        (name == "more" ? call.more : call.oneway) = flag;
    } else {
        return malformed("It has a member that no call has.");
    }
    return ok();
}

}  // namespace

Result<Call> parse_call(std::string_view message) {
    HEARTH_TRY(object, record::parse_json_object(message, kLimits));
    Call call;
    for (const char* name : {"method", "more", "oneway", "parameters"}) {
        record::Value* const value = object.find(name);
        if (value != nullptr) HEARTH_CHECK(take(call, name, *value));
        object.remove(name);
    }
    if (!object.empty()) return malformed("It has a member that no call has.");
    if (call.method.empty()) return malformed("It names no method.");
    if (call.more && call.oneway) return malformed("It wants several replies, and none.");
    return call;
}

}  // namespace hearth::homed::varlink
