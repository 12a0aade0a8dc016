// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "core/base/result.hpp"
#include "hosts/homectl/options/settings.hpp"

namespace hearth::homectl {

/// What parsing knows while it goes from left to right.
struct ParseState {
    Invocation invocation;
    /// Where -A, -T and -N sent the options that follow; nothing: each to its own place.
    std::optional<Section> target;
    int exports = 0;
};

/// One option that is about homectl itself.
struct GeneralOption {
    std::string_view name;
    char letter = 0;
    /// Empty: it takes no argument.
    std::string_view metavar = {};
    std::string_view help = {};
    /// Null: known from systemd-homed, but not in this version.
    Result<void> (*apply)(ParseState& state, std::string_view argument) = nullptr;
    bool hidden = false;
};

[[nodiscard]] std::span<const GeneralOption> general_options();

}  // namespace hearth::homectl
