// SPDX-License-Identifier: MIT
#pragma once

#include <hearth/sdk/host.hpp>
#include <hearth/sdk/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hearth::sdk {

/// A user record: the values that hold on this machine. Texts are borrowed until the session is
/// closed.
class Record {
  public:
    explicit Record(const hearth_record* handle) : handle_(handle) {}
    [[nodiscard]] const hearth_record* handle() const { return handle_; }

    /// Nothing, if the record has no such value, or one of another type. `pointer`: "/imagePath".
    [[nodiscard]] std::optional<std::string_view> text(const char* pointer) const {
        return bytes(host().record->get_str, pointer);
    }
    [[nodiscard]] std::optional<std::string_view> json(const char* pointer) const {
        return bytes(host().record->get_json, pointer);
    }
    [[nodiscard]] std::optional<std::uint64_t> number(const char* pointer) const {
        std::uint64_t value = 0;
        if (host().record->get_u64(handle_, pointer, &value) != HEARTH_OK) return std::nullopt;
        return value;
    }
    [[nodiscard]] std::optional<bool> flag(const char* pointer) const {
        std::uint32_t value = 0;
        if (host().record->get_bool(handle_, pointer, &value) != HEARTH_OK) return std::nullopt;
        return value != 0;
    }
    /// A value that has to be there.
    [[nodiscard]] Result<std::string_view> need_text(const char* pointer) const {
        if (const auto value = text(pointer)) return *value;
        return Error(HEARTH_E_INVALID_ARGUMENT,
                     std::string("the record has no text at ") + pointer);
    }

  private:
    using Getter = hearth_status (*)(const hearth_record*, const char*, hearth_bytes*);
    std::optional<std::string_view> bytes(Getter get, const char* pointer) const {
        hearth_bytes value{nullptr, 0};
        if (get(handle_, pointer, &value) != HEARTH_OK) return std::nullopt;
        return std::string_view(static_cast<const char*>(value.ptr), value.len);
    }

    const hearth_record* handle_;
};

/// One that the plugin may note things in, for this machine.
class WritableRecord : public Record {
  public:
    explicit WritableRecord(hearth_record* handle) : Record(handle), writable_(handle) {}

    /// Sets "/binding/NAME" to a JSON text.
    Result<void> bind(const char* pointer, const std::string& json) {
        return patch(pointer, json.c_str());
    }
    Result<void> unbind(const char* pointer) { return patch(pointer, nullptr); }

  private:
    Result<void> patch(const char* pointer, const char* json) {
        const auto status = host().record->patch(writable_, pointer, json);
        if (status == HEARTH_OK) return ok();
        return Error(status, std::string("the host refused to change ") + pointer);
    }

    hearth_record* writable_;
};

}  // namespace hearth::sdk
