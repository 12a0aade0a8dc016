// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/storage_types.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace hearth::operation {

/// The operations on a home. Numbers below 100 are those of the plugin ABI; the others never reach
/// a plugin.
enum class Verb : std::uint32_t {
    create = HEARTH_VERB_CREATE,
    activate = HEARTH_VERB_ACTIVATE,
    deactivate = HEARTH_VERB_DEACTIVATE,
    update = HEARTH_VERB_UPDATE,
    passwd = HEARTH_VERB_PASSWD,
    resize = HEARTH_VERB_RESIZE,
    lock = HEARTH_VERB_LOCK,
    unlock = HEARTH_VERB_UNLOCK,
    remove = HEARTH_VERB_REMOVE,
    adopt = HEARTH_VERB_ADOPT,
    authenticate = 100,
    recover = 101,
    repair = 102,
    register_home = 103,
    unregister = 104,
    fixate = 105,
    rebalance = 106,
};

/// The verb as people type it, and as the worker protocol and the journal spell it.
[[nodiscard]] std::string_view to_text(Verb verb);
[[nodiscard]] std::optional<Verb> parse_verb(std::string_view text);

}  // namespace hearth::operation
