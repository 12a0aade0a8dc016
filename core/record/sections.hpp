// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace hearth::record {

/// The parts of a user record, as a set of flags.
enum class Sections : unsigned {
    none = 0,
    regular = 1U << 0,      ///< every top-level key that is not a section
    privileged = 1U << 1,   ///< password hashes and the like: root and the owner only
    per_machine = 1U << 2,  ///< settings for some machines
    binding = 1U << 3,      ///< what one machine remembers of the medium; not signed
    status = 1U << 4,       ///< counters and measurements of one machine; not signed
    signature = 1U << 5,
    secret = 1U << 6,  ///< plain passwords and PINs: never stored

    signed_part = regular | privileged | per_machine,
    embedded = signed_part | signature,    ///< what ~/.identity and a LUKS token hold
    stored = embedded | binding | status,  ///< what the machine's own file holds
    shown = regular | per_machine | binding | status | signature,  ///< what everybody may see
    all = stored | secret,
};

constexpr Sections operator|(Sections a, Sections b) {
    return static_cast<Sections>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr Sections operator&(Sections a, Sections b) {
    return static_cast<Sections>(static_cast<unsigned>(a) & static_cast<unsigned>(b));
}
/// Do the two sets share a section?
constexpr bool overlap(Sections a, Sections b) {
    return (a & b) != Sections::none;
}

}  // namespace hearth::record
