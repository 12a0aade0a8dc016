// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/service/home.hpp"

namespace hearth::homed::varlink {

/// Lets through who has a UUID. The one filter that clients do not apply themselves where a service
/// does not know it.
class UuidFilter {
  public:
    /// No text lets everybody through. Nothing: it is no UUID.
    static std::optional<UuidFilter> make(const std::optional<std::string_view>& text);

    [[nodiscard]] bool is_any() const { return digits_.empty(); }
    [[nodiscard]] bool passes(const service::Home& home) const;

  private:
    explicit UuidFilter(std::string digits) : digits_(std::move(digits)) {}

    std::string digits_;
};

}  // namespace hearth::homed::varlink
