// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/record/effective.hpp"
#include "core/record/user_record.hpp"
#include "hosts/homectl/output/page.hpp"

namespace hearth::homectl {

/// A home as inspect shows it: the record, what holds here, and what only the caller knows. Borrows
/// both.
struct Home {
    const record::UserRecord& record;
    const record::Effective& effective;
    /// In the words of org.freedesktop.home1.
    std::string state = "inactive";
    /// The present, in microseconds since 1970.
    std::uint64_t now = 0;
    /// Is the record signed with this machine's own key? Nothing: that is not known.
    std::optional<bool> local_signature;
    /// Does the storage encrypt what it keeps? Nothing: its plugin is not here to say.
    std::optional<bool> encrypted;
    /// Is there more in the record, which may not be seen? Its passwords, that is.
    bool incomplete = false;
};

/// All lines about a home, in a fixed order: one is there if the record says something about it.
[[nodiscard]] std::string inspect_text(const Home& home, bool colours);

// The parts of it, one file each.
void show_identity(Page& page, const Home& home);
void show_validity(Page& page, const Home& home);
void show_account(Page& page, const Home& home);
void show_limits(Page& page, const Home& home);
void show_medium(Page& page, const Home& home);
void show_disk(Page& page, const Home& home);
void show_security(Page& page, const Home& home);
void show_session(Page& page, const Home& home);

}  // namespace hearth::homectl
