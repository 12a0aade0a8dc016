// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "core/base/error.hpp"

namespace hearth {

/// A value or the Error that prevented it. Member names are those of std::expected, which clang 14
/// cannot see yet.
template <typename T>
class [[nodiscard]] Result {
  public:
    using value_type = T;

    Result(T value)
        : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit on purpose
    Result(Error error)
        : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit on purpose
    template <typename U>
    requires(std::is_convertible_v<U&&, T> && !std::is_same_v<std::remove_cvref_t<U>, T> &&
             !std::is_same_v<std::remove_cvref_t<U>, Error> &&
             !std::is_same_v<std::remove_cvref_t<U>, Result>) Result(U&& value)
        : state_(std::in_place_index<0>, std::forward<U>(value)) {}  // NOLINT: implicit on purpose

    [[nodiscard]] bool has_value() const { return state_.index() == 0; }
    explicit operator bool() const { return has_value(); }

    T& value() & { return std::get<0>(state_); }
    const T& value() const& { return std::get<0>(state_); }
    T&& value() && { return std::get<0>(std::move(state_)); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    Error& error() & { return std::get<1>(state_); }
    const Error& error() const& { return std::get<1>(state_); }
    Error&& error() && { return std::get<1>(std::move(state_)); }

    template <typename U>
    T value_or(U&& fallback) const& {
        return has_value() ? value() : static_cast<T>(std::forward<U>(fallback));
    }
    template <typename F>
    auto and_then(F&& next) && -> std::invoke_result_t<F, T&&> {
        if (!has_value()) return std::move(*this).error();
        return std::forward<F>(next)(std::move(*this).value());
    }
    template <typename F>
    auto transform(F&& map) && -> Result<std::invoke_result_t<F, T&&>> {
        if (!has_value()) return std::move(*this).error();
        return std::forward<F>(map)(std::move(*this).value());
    }
    template <typename F>
    Result transform_error(F&& map) && {
        if (has_value()) return std::move(*this);
        return std::forward<F>(map)(std::move(*this).error());
    }

  private:
    std::variant<T, Error> state_;
};

/// Success, or the Error that prevented it.
template <>
class [[nodiscard]] Result<void> {
  public:
    using value_type = void;

    Result() = default;
    Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit on purpose

    [[nodiscard]] bool has_value() const { return !error_.has_value(); }
    explicit operator bool() const { return has_value(); }
    void value() const {}
    Error& error() & { return *error_; }
    const Error& error() const& { return *error_; }
    Error&& error() && { return *std::move(error_); }

    template <typename F>
    auto and_then(F&& next) && -> std::invoke_result_t<F> {
        if (!has_value()) return std::move(*this).error();
        return std::forward<F>(next)();
    }
    template <typename F>
    Result transform_error(F&& map) && {
        if (has_value()) return std::move(*this);
        return std::forward<F>(map)(std::move(*this).error());
    }

  private:
    std::optional<Error> error_;
};

inline Result<void> ok() {
    return {};
}

}  // namespace hearth

#define HEARTH_CONCAT_(a, b) a##b
#define HEARTH_CONCAT(a, b) HEARTH_CONCAT_(a, b)

/// Declares `var` with the value of `expr`, or returns its error from the enclosing function.
#define HEARTH_TRY(var, expr)                                           \
    auto HEARTH_CONCAT(hearth_try_, __LINE__) = (expr);                 \
    if (!HEARTH_CONCAT(hearth_try_, __LINE__).has_value())              \
        return std::move(HEARTH_CONCAT(hearth_try_, __LINE__)).error(); \
    auto var = std::move(HEARTH_CONCAT(hearth_try_, __LINE__)).value()

/// Returns the error of `expr` (a Result<void>) from the enclosing function, if there is one.
#define HEARTH_CHECK(expr)                                           \
    do {                                                             \
        if (auto hearth_check_ = (expr); !hearth_check_.has_value()) \
            return std::move(hearth_check_).error();                 \
    } while (false)
