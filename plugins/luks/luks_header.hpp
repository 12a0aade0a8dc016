// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/result.hpp>

#include <optional>
#include <span>
#include <string>

#include "gpt.hpp"
#include "io.hpp"

// What the first bytes of an encrypted volume say, before any library is let at it.

namespace hearth::luks {

enum class HeaderKind { none, luks1, luks2 };

/// Where the second copy can lie, in bytes from the first: right behind it, whose size is one of
/// these.
std::span<const std::uint64_t> second_header_places();

/// Looks at the first sector of a stretch of a medium, and at the places of a second header.
HeaderKind look_at_header(const ReadAt& read, const Extent& extent);

/// Who a volume says it is, in the first of its headers that is there. Nothing: it is none (LUKS2).
struct VolumeName {
    std::optional<Uuid> id;
    std::string label;
    std::string subsystem;
};
std::optional<VolumeName> read_name(const ReadAt& read, const Extent& extent);

/// Where the data begins: what is before that is header and keys. Never more than the stretch, and
/// what is usual if the header cannot be read.
std::uint64_t header_length(const ReadAt& read, const Extent& extent);

/// Errors: CORRUPT (no header, or one that is too old).
sdk::Result<void> require_luks2(const ReadAt& read, const Extent& extent);

}  // namespace hearth::luks
