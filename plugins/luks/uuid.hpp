// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hearth::luks {

/// 16 bytes in the order in which they are written as text.
struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    bool operator==(const Uuid&) const = default;
};

/// With dashes, in either case; or 32 digits without, as the kernel and systemd write some.
std::optional<Uuid> parse_uuid(std::string_view text);
/// Lower case, with dashes.
std::string to_text(const Uuid& uuid);
/// A random one. Nothing: the kernel gave no random numbers.
std::optional<Uuid> random_uuid();

/// The same bytes as a GPT has them, whose first three fields are little-endian numbers; its own
/// inverse.
Uuid swap_fields(const Uuid& uuid);

}  // namespace hearth::luks
