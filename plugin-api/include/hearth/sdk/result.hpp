// SPDX-License-Identifier: MIT
#pragma once

#include <hearth/sdk/error.hpp>

#include <optional>
#include <utility>
#include <variant>

namespace hearth::sdk {

/// A value, or the Error that prevented it.
template <typename T>
class [[nodiscard]] Result {
  public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool has_value() const { return state_.index() == 0; }
    explicit operator bool() const { return has_value(); }
    T& operator*() & { return std::get<0>(state_); }
    const T& operator*() const& { return std::get<0>(state_); }
    T&& operator*() && { return std::get<0>(std::move(state_)); }
    T* operator->() { return &std::get<0>(state_); }
    const T* operator->() const { return &std::get<0>(state_); }
    Error& error() & { return std::get<1>(state_); }
    const Error& error() const& { return std::get<1>(state_); }
    Error&& error() && { return std::get<1>(std::move(state_)); }
    /// The value, or `fallback` in place of any error.
    T value_or(T fallback) const { return has_value() ? **this : std::move(fallback); }

  private:
    std::variant<T, Error> state_;
};

/// Success, or the Error that prevented it.
template <>
class [[nodiscard]] Result<void> {
  public:
    Result() = default;
    Result(Error error) : error_(std::move(error)) {}

    [[nodiscard]] bool has_value() const { return !error_.has_value(); }
    explicit operator bool() const { return has_value(); }
    Error& error() & { return *error_; }
    const Error& error() const& { return *error_; }
    Error&& error() && { return *std::move(error_); }

  private:
    std::optional<Error> error_;
};

inline Result<void> ok() {
    return {};
}

}  // namespace hearth::sdk

#define HEARTH_SDK_JOIN_(a, b) a##b
#define HEARTH_SDK_JOIN(a, b) HEARTH_SDK_JOIN_(a, b)

/// Declares `var` with the value of `expr`, or returns its error from the function around it.
#define HEARTH_SDK_TRY(var, expr)                                         \
    auto HEARTH_SDK_JOIN(hearth_try_, __LINE__) = (expr);                 \
    if (!HEARTH_SDK_JOIN(hearth_try_, __LINE__))                          \
        return std::move(HEARTH_SDK_JOIN(hearth_try_, __LINE__)).error(); \
    auto var = *std::move(HEARTH_SDK_JOIN(hearth_try_, __LINE__))

/// Returns the error of `expr` (a Result<void>) from the function around it, if there is one.
#define HEARTH_SDK_CHECK(expr)                                                                    \
    do {                                                                                          \
        if (auto hearth_check_ = (expr); !hearth_check_) return std::move(hearth_check_).error(); \
    } while (false)
