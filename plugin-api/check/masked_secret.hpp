// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/secret/secret.hpp"

namespace hearth::check {

/// A random password that this process knows without having it: its bytes are nowhere in memory
/// but in what reveal() returns, so that every other copy is one that the plugin made.
class MaskedSecret {
  public:
    MaskedSecret();

    /// Empty if there is no locked memory left.
    [[nodiscard]] secret::Secret reveal() const;
    [[nodiscard]] bool is_in(std::string_view bytes) const;

  private:
    static constexpr std::size_t kSize = 24;
    std::array<std::uint8_t, kSize> masked_{};
};

/// Where in this process's writable memory the secret lies; "[heap]", "the stack", ...
[[nodiscard]] std::optional<std::string> find_in_memory(const MaskedSecret& secret);

}  // namespace hearth::check
