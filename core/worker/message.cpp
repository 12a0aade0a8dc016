// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/worker/message.hpp"

#include "core/record/json.hpp"

namespace hearth::worker {

namespace {

using record::Array;
using record::Object;

constexpr std::size_t kMaxText = std::size_t{8} * 1024;

Error malformed(const std::string& detail) {
    return Error(Code::internal, "worker-protocol",
                 "The worker sent a message that makes no sense.")
        .why(detail)
        .hint("If the package was just upgraded, run the command again.");
}

/// A plugin's text may hold anything: what leaves this process is valid, bounded UTF-8 without
/// control characters.
std::string presentable(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, kMaxText)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte == '\n' || byte == '\t') {
            out += ' ';
        } else {
            out += byte < 0x20 || byte >= 0x7f ? '?' : c;
        }
    }
    return out;
}

std::string bounded(const std::string& text) {
    return text.size() <= kMaxText ? text : presentable(text);
}

Object encode_error(const Error& error) {
    Object object;
    object.set("code", static_cast<std::int64_t>(error.code()));
    object.set("id", bounded(error.id()));
    object.set("what", bounded(error.what()));
    object.set("why", bounded(error.why()));
    object.set("hint", bounded(error.hint()));
    return object;
}

Object encode_done(const Message& message) {
    Object body;
    if (message.error) body.set("error", encode_error(*message.error));
    Array warnings;
    for (const auto& warning : message.warnings) warnings.emplace_back(bounded(warning));
    body.set("warnings", std::move(warnings));
    return body;
}

std::string text_of(const Object& object, const char* key) {
    return object.get(key).text().value_or("");
}

/// Nothing below 0 is ever sent.
std::uint64_t number_of(const Object& object, const char* key) {
    return object.get(key).natural().value_or(0);
}

/// A failure stays one, whatever number a damaged worker gives it.
Code code_of(std::uint64_t number) {
    const bool possible = number > 0 && number <= HEARTH_E_NO_AUTH_CONFIGURED;
    return possible ? static_cast<Code>(number) : Code::internal;
}

Error decode_error(const Object& object) {
    return Error(code_of(number_of(object, "code")), text_of(object, "id"), text_of(object, "what"))
        .why(text_of(object, "why"))
        .hint(text_of(object, "hint"));
}

void decode_done(const Object& body, Message& message) {
    if (const auto* error = body.get("error").object()) message.error = decode_error(*error);
    const auto* warnings = body.get("warnings").array();
    if (!warnings) return;
    for (const auto& warning : *warnings)
        if (const auto* text = warning.string()) message.warnings.push_back(*text);
}

Result<Message> decode_body(const std::string& kind, const Object& body) {
    Message message;
    if (kind == "progress") {
        message.kind = Message::Kind::progress;
        message.step = text_of(body, "step");
        message.done = number_of(body, "done");
        message.total = number_of(body, "total");
    } else if (kind == "log") {
        message.kind = Message::Kind::log;
        message.priority = number_of(body, "priority");
        message.text = text_of(body, "text");
    } else if (kind == "critical") {
        message.kind = Message::Kind::critical;
        message.on = number_of(body, "on") != 0;
    } else if (kind == "done") {
        message.kind = Message::Kind::done;
        decode_done(body, message);
    } else {
        return malformed("Its kind is not known.");
    }
    return message;
}

}  // namespace

namespace {

std::string encode_whole(const Message& message) {
    Object body;
    const char* kind = "done";
    switch (message.kind) {
        case Message::Kind::progress:
            kind = "progress";
            body.set("step", presentable(message.step));
            body.set("done", message.done);
            body.set("total", message.total);
            break;
        case Message::Kind::log:
            kind = "log";
            body.set("priority", message.priority);
            body.set("text", presentable(message.text));
            break;
        case Message::Kind::critical:
            kind = "critical";
            body.set("on", message.on ? 1 : 0);
            break;
        case Message::Kind::done:
            body = encode_done(message);
            break;
    }
    Object outer;
    outer.set(kind, std::move(body));
    return record::to_canonical(outer);
}

}  // namespace

/// Whatever the texts are, the end of an operation must get through: then without its warnings, and
/// at last without the reasons.
std::string encode(const Message& message) {
    std::string text = encode_whole(message);
    if (text.size() <= kMaxMessage) return text;
    Message shorter = message;
    shorter.warnings = {"There were more warnings than could be passed on."};
    text = encode_whole(shorter);
    if (text.size() <= kMaxMessage || !shorter.error) return text;
    Error bare = *message.error;
    shorter.error = std::move(bare).why("").hint("");
    return encode_whole(shorter);
}

Result<Message> decode(std::string_view datagram) {
    auto outer = record::parse_json_object(datagram);
    if (!outer) return malformed(outer.error().one_line());
    if (outer->size() != 1) return malformed("It is not exactly one thing.");
    const auto& [kind, value] = *outer->begin();
    const auto* body = value.object();
    if (!body) return malformed("It has no content.");
    return decode_body(kind, *body);
}

}  // namespace hearth::worker
