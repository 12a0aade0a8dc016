// SPDX-License-Identifier: LGPL-2.1-or-later
#include "state.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "core/base/unique_fd.hpp"
#include "plugins/shared/json_text.hpp"

namespace hearth::fido2::test {

namespace {

using shared::Json;
using shared::member;

[[noreturn]] void wrong(const std::string& what) {
    throw std::runtime_error("a virtual token's state: " + what);
}

std::string hex(const Bytes& bytes) {
    constexpr const char* kDigits = "0123456789abcdef";
    std::string out;
    for (const auto byte : bytes) {
        out += kDigits[byte >> 4U];
        out += kDigits[byte & 15U];
    }
    return out;
}

/// Both ways: from JSON to a member and back, so that no name is written twice.
class Fields {
  public:
    Fields(json_object* object, bool writes) : object_(object), writes_(writes) {}

    void field(const char* name, bool& value) {
        if (writes_)
            add(name, json_object_new_boolean(value ? 1 : 0));
        else if (auto* found = member(object_, name))
            value = json_object_get_boolean(found) != 0;
    }
    void field(const char* name, int& value) {
        if (writes_)
            add(name, json_object_new_int(value));
        else if (auto* found = member(object_, name))
            value = json_object_get_int(found);
    }
    void field(const char* name, std::string& value) {
        if (writes_)
            add(name, json_object_new_string(value.c_str()));
        else if (auto* found = member(object_, name))
            value = json_object_get_string(found);
    }
    void field(const char* name, Bytes& value) {
        std::string text = hex(value);
        field(name, text);
        value = from_hex(text);
    }
    void field(const char* name, KeyPair::Kind& value) {
        int number = static_cast<int>(value);
        field(name, number);
        value = static_cast<KeyPair::Kind>(number);
    }
    template <typename T>
    void list(const char* name, std::vector<T>& values) {
        if (writes_)
            write_list(name, values);
        else if (auto* found = member(object_, name))
            read_list(found, values);
    }

  private:
    void add(const char* name, json_object* value) { json_object_object_add(object_, name, value); }
    template <typename T>
    void write_list(const char* name, std::vector<T>& values);
    template <typename T>
    static void read_list(json_object* list, std::vector<T>& values);

    json_object* object_;
    bool writes_;
};

void go_through(Fields& fields, Credential& one) {
    fields.field("id", one.id);
    fields.field("kind", one.kind);
    fields.field("key", one.key);
    fields.field("plain", one.plain);
    fields.field("verified", one.verified);
    fields.field("party", one.party);
    fields.field("user", one.user);
    fields.field("isHidden", one.is_hidden);
}

void go_through(Fields& fields, Step& one) {
    fields.field("at", one.at);
    fields.field("action", one.action);
    fields.field("number", one.number);
    fields.field("bytes", one.bytes);
}

void go_through(Fields& fields, State& state) {
    fields.field("product", state.product);
    fields.field("vendor", state.vendor);
    fields.list("algorithms", state.algorithms);
    fields.list("protocols", state.protocols);
    fields.field("hasSecrets", state.has_secrets);
    fields.field("hasPresence", state.has_presence);
    fields.field("hasSensor", state.has_sensor);
    fields.field("isModern", state.is_modern);
    fields.field("alwaysVerifies", state.always_verifies);
    fields.field("wantsTouch", state.wants_touch);
    fields.field("pin", state.pin);
    fields.field("isTouched", state.is_touched);
    fields.field("isRecognized", state.is_recognized);
    fields.field("touchMs", state.touch_ms);
    fields.field("patienceMs", state.patience_ms);
    fields.field("retries", state.retries);
    fields.field("wrongInRow", state.wrong_in_row);
    fields.field("sensorRetries", state.sensor_retries);
    fields.field("counter", state.counter);
    fields.list("credentials", state.credentials);
    fields.list("script", state.script);
    fields.list("seen", state.seen);
}

json_object* to_json(int& value) {
    return json_object_new_int(value);
}
json_object* to_json(std::string& value) {
    return json_object_new_string(value.c_str());
}
template <typename T>
json_object* to_json(T& value) {
    json_object* out = json_object_new_object();
    Fields fields(out, true);
    go_through(fields, value);
    return out;
}

void from_json(json_object* from, int& value) {
    value = json_object_get_int(from);
}
void from_json(json_object* from, std::string& value) {
    value = json_object_get_string(from);
}
template <typename T>
void from_json(json_object* from, T& value) {
    Fields fields(from, false);
    go_through(fields, value);
}

template <typename T>
void Fields::write_list(const char* name, std::vector<T>& values) {
    json_object* list = json_object_new_array();
    for (auto& value : values) json_object_array_add(list, to_json(value));
    add(name, list);
}

template <typename T>
void Fields::read_list(json_object* list, std::vector<T>& values) {
    values.clear();
    for (std::size_t i = 0; i < json_object_array_length(list); ++i)
        from_json(json_object_array_get_idx(list, i), values.emplace_back());
}

std::string read_all(int fd) {
    std::string out;
    std::array<char, 4096> buffer{};
    for (ssize_t count = 0; (count = ::read(fd, buffer.data(), buffer.size())) > 0;)
        out.append(buffer.data(), static_cast<std::size_t>(count));
    return out;
}

void write_all(int fd, const std::string& text) {
    if (::ftruncate(fd, 0) != 0 ||
        ::pwrite(fd, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
        wrong("it cannot be written");
}

}  // namespace

Bytes from_hex(const std::string& text) {
    Bytes out;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        out.push_back(static_cast<std::uint8_t>(std::stoi(text.substr(i, 2), nullptr, 16)));
    return out;
}

bool with_state(const std::string& path, const std::function<void(State&)>& change) {
    const UniqueFd file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    if (file.get() < 0) return false;
    if (::flock(file.get(), LOCK_EX) != 0) wrong("it cannot be locked");
    const Json object = shared::parse_object(read_all(file.get()));
    if (!object) wrong("it is no JSON object");
    State state;
    from_json(object.get(), state);
    change(state);
    const Json written(to_json(state));
    write_all(file.get(), json_object_to_json_string_ext(written.get(), JSON_C_TO_STRING_PRETTY));
    return true;
}

}  // namespace hearth::fido2::test
