// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>

namespace hearth::check {

/// What became of a rule, or of a part of one.
struct Outcome {
    enum class Kind : char { ok, fail, skip };
    Kind kind = Kind::ok;
    /// Why, unless it is ok.
    std::string text;

    explicit operator bool() const { return kind == Kind::ok; }
};

inline Outcome passed() {
    return {};
}
inline Outcome failed(std::string why) {
    return {Outcome::Kind::fail, std::move(why)};
}
inline Outcome skipped(std::string why) {
    return {Outcome::Kind::skip, std::move(why)};
}

}  // namespace hearth::check

/// Leaves the function with the outcome of `expr`, unless it is ok.
#define CHECK_STEP(expr)                               \
    do {                                               \
        if (auto step_ = (expr); !step_) return step_; \
    } while (false)
