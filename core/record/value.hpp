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
#include "core/record/json_limits.hpp"
#include "core/record/object.hpp"

namespace hearth::record {

class Value;
/// Mind the braces: Array{x} is an array that has x in it, also if x is an array.
using Array = std::vector<Value>;

/// One JSON value.
///
/// Copies are deep. Never put a secret in one: it is ordinary memory. What is put together by hand
/// must be valid UTF-8 and nested no deeper than the gate allows, or it cannot be read back.
class Value {
  public:
    Value() = default;  ///< null
    template <std::same_as<bool> T>
    Value(T flag) : state_(flag) {}                              // NOLINT: implicit on purpose
    Value(std::string text) : state_(std::move(text)) {}         // NOLINT: implicit on purpose
    Value(std::string_view text) : state_(std::string(text)) {}  // NOLINT: implicit on purpose
    Value(const char* text) : state_(std::string(text)) {}       // NOLINT: implicit on purpose
    Value(std::vector<std::string> list);                        // NOLINT: implicit on purpose
    Value(Array array) : state_(std::move(array)) {}             // NOLINT: implicit on purpose
    Value(Object object) : state_(std::move(object)) {}          // NOLINT: implicit on purpose
    template <std::unsigned_integral T>
    requires(!std::same_as<T, bool>) Value(T number)
        : state_(std::uint64_t{number}) {}  // NOLINT: implicit on purpose
    template <std::signed_integral T>
    Value(T number) : state_(signed_state(number)) {}  // NOLINT: implicit on purpose
    /// A whole number that was written as a real and stays one.
    explicit Value(double whole) : state_(whole) {}

    /// Any JSON value, through the same strict gate as whole records.
    static Result<Value> parse(std::string_view json, const JsonLimits& limits = {});

    [[nodiscard]] bool is_null() const { return state_.index() == 0; }
    [[nodiscard]] std::optional<bool> flag() const;
    [[nodiscard]] std::optional<std::string> text() const;
    /// Also accepts a text of decimal digits, as records do.
    [[nodiscard]] std::optional<std::uint64_t> number() const;
    /// number(), but nothing for a text.
    [[nodiscard]] std::optional<std::uint64_t> natural() const;
    [[nodiscard]] std::optional<std::int64_t> integer() const;
    /// An array of texts, or one text as a list of one. Nothing if any element is something else.
    [[nodiscard]] std::optional<std::vector<std::string>> strings() const;
    /// The value as compact JSON with sorted keys.
    [[nodiscard]] std::string json() const;

    /// What is inside, borrowed; null if it is something else.
    [[nodiscard]] const std::string* string() const { return std::get_if<std::string>(&state_); }
    [[nodiscard]] const Array* array() const { return std::get_if<Array>(&state_); }
    [[nodiscard]] Array* array() { return std::get_if<Array>(&state_); }
    [[nodiscard]] const Object* object() const { return std::get_if<Object>(&state_); }
    [[nodiscard]] Object* object() { return std::get_if<Object>(&state_); }

    /// Calls the visitor with what is inside. Only negative numbers are std::int64_t.
    template <typename Visitor>
    void visit(Visitor&& visitor) const {
        std::visit(std::forward<Visitor>(visitor), state_);
    }

    bool operator==(const Value& other) const;

  private:
    using State = std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double,
                               std::string, Array, Object>;
    static State signed_state(std::int64_t number);

    State state_ = nullptr;
};

}  // namespace hearth::record
