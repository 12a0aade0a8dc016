// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gpt.hpp"
#include "settings.hpp"

// Sizes of homes: what is asked for, what is possible, and what an image of another size looks
// like. All sizes are bytes of the image unless they say otherwise.

namespace hearth::luks {

/// How an image is divided.
struct Shape {
    std::uint64_t image = 0;
    Extent volume;
    std::optional<Table> table;  ///< nothing: the volume is all of the image

    bool operator==(const Shape&) const = default;
};

/// The shape of an image that lies somewhere. Errors: those of parse_table() and find_home().
sdk::Result<Shape> shape_of(const ReadAt& read, std::uint64_t size, const Settings& settings);
/// The same image with another size: its last partition ends at the last whole MiB that can be
/// used. Errors: NOT_SUPPORTED (another partition lies behind the home's, or the table cannot be
/// written by us), BAD_SIZE.
sdk::Result<Shape> with_size(const Shape& now, std::uint64_t image);

struct Bounds {
    std::uint64_t now = 0;
    std::uint64_t floor = 0;    ///< smallest that the file system and what is in it fit into
    std::uint64_t ceiling = 0;  ///< largest that the disk around has room for
};

/// The size that a resize should reach, whole MiB unless it is the present one. `flags`:
/// HEARTH_RESIZE_*. Errors: BAD_SIZE (smaller than what is in it), NO_SPACE (larger than the disk
/// around has room for).
sdk::Result<std::uint64_t> choose_goal(std::uint64_t bytes, hearth_flags flags,
                                       const Bounds& bounds);

/// The largest image where `taken` bytes belong to it already and `available` are free around it. A
/// little stays free: the host has to write its records and its journal.
std::uint64_t ceiling_of(std::uint64_t taken, std::uint64_t available);

/// A change of the table on its way: what recovery needs to know.
struct SizeChange {
    std::uint64_t from = 0;
    std::uint64_t to = 0;

    bool operator==(const SizeChange&) const = default;
};

/// As a note for the journal: "size 67108864 134217728\n".
std::string to_note(const SizeChange& change);
/// Nothing: the note is about something else.
std::optional<SizeChange> parse_size_change(std::string_view note);

}  // namespace hearth::luks
