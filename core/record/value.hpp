// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/result.hpp"

namespace hearth::record {

/// One JSON value, so that callers can read and set record fields without a JSON library in sight.
///
/// Copies are deep. Never put a secret in one: it is ordinary memory.
class Value {
  public:
    Value() = default;                                           ///< null
    Value(bool flag) : state_(flag) {}                           // NOLINT: implicit on purpose
    Value(std::string text) : state_(std::move(text)) {}         // NOLINT: implicit on purpose
    Value(std::string_view text) : state_(std::string(text)) {}  // NOLINT: implicit on purpose
    Value(const char* text) : state_(std::string(text)) {}       // NOLINT: implicit on purpose
    Value(std::vector<std::string> list)
        : state_(std::move(list)) {}  // NOLINT: implicit on purpose
    template <std::unsigned_integral T>
    requires(!std::same_as<T, bool>) Value(T number)
        : state_(std::uint64_t{number}) {}  // NOLINT: implicit on purpose
    template <std::signed_integral T>
    Value(T number) : state_(std::int64_t{number}) {}  // NOLINT: implicit on purpose

    /// Any JSON value, also objects and arrays; the same strict gate as for whole records.
    static Result<Value> parse(std::string_view json);

    [[nodiscard]] bool is_null() const { return state_.index() == 0; }
    [[nodiscard]] std::optional<bool> flag() const;
    [[nodiscard]] std::optional<std::string> text() const;
    /// Also accepts a text of decimal digits, as records do.
    [[nodiscard]] std::optional<std::uint64_t> number() const;
    [[nodiscard]] std::optional<std::int64_t> integer() const;
    /// An array of texts, or one text as a list of one. Nothing if any element is something else.
    [[nodiscard]] std::optional<std::vector<std::string>> strings() const;
    /// The value as compact JSON with sorted keys.
    [[nodiscard]] std::string json() const;

    bool operator==(const Value& other) const { return json() == other.json(); }

  private:
    struct Json {
        std::string text;
    };
    std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, std::string,
                 std::vector<std::string>, Json>
        state_ = nullptr;
    friend struct ValueBridge;
};

}  // namespace hearth::record
