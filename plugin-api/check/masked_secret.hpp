// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/secret/secret.hpp"

namespace hearth::check {

/// A password, random if it is not said, that this process knows without having it: its bytes are
/// nowhere in memory but in what reveal() returns, so that every other copy is one that the plugin
/// made.
class MaskedSecret {
  public:
    MaskedSecret();
    /// The first line of a file; nothing if there is none.
    static std::optional<MaskedSecret> from_file(const std::string& path);

    /// One that exists already, and will be gone soon.
    static MaskedSecret of(std::string_view bytes);

    /// Empty if there is no locked memory left.
    [[nodiscard]] secret::Secret reveal() const;
    [[nodiscard]] bool is_in(std::string_view bytes) const;

  private:
    std::vector<std::uint8_t> masked_;
};

/// Where in this process's writable memory the secret lies; "[heap]", "the stack", ...
[[nodiscard]] std::optional<std::string> find_in_memory(const MaskedSecret& secret);

}  // namespace hearth::check
