// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/home/root.hpp"
#include "core/record/effective.hpp"

namespace hearth::home {

/// What a home is right now, in the words people see.
enum class State { absent, inactive, dirty, active, locked };

[[nodiscard]] std::string_view to_text(State state);

/// Tells the state from the kernel and the file system alone: no plugin is loaded, so that listing
/// many homes is cheap. Active: something is mounted at the home directory. Locked: so it is, and
/// its device is suspended. Absent: the image is not there. Never waits for a locked home.
[[nodiscard]] State state_of(const record::Effective& effective, const Root& root);

/// Where a home appears, and where it is kept ("": not known), as paths of a record.
struct Places {
    const std::string& home_directory;
    const std::string& image;
};
/// What a look at them tells: the state, and the image, if the state asked for it and it is there.
struct Look {
    State state = State::absent;
    std::optional<struct stat> image = std::nullopt;
};
/// The same for whoever has these at hand.
[[nodiscard]] Look look_at(const Places& places, const Root& root);

/// home-locked: why nothing but unlocking can be done with a home.
[[nodiscard]] Error locked_error(const std::string& user);

}  // namespace hearth::home
