// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/service/state.hpp"

namespace hearth::service {

/// What can be asked for, by the names of the worker's verbs.
enum class Task {
    activate,
    adopt,
    authenticate,
    create,
    deactivate,
    fixate,
    lock,
    passwd,
    realize,
    register_home,
    remove,
    repair,
    resize,
    unlock,
    unregister,
    update,
    update_offline,
};

[[nodiscard]] std::optional<Task> parse_task(std::string_view verb);
/// The verb of a task.
[[nodiscard]] std::string_view to_text(Task task);

/// How a task is done with a home in some state of rest.
enum class Way {
    run,                ///< by its worker
    fixate_first,       ///< the home gets its record, and then by its worker
    stop_retrying,      ///< nothing but that it is not going to be closed any more
    forget_the_record,  ///< what would be removed is not there
};

/// May it be done now? The states and errors are those of org.freedesktop.home1.
/// Errors: home-busy, home-locked, home-not-locked, home-active, home-not-active, home-absent,
/// home-exists, home-fixated, home-unfixated.
Result<Way> way_of(Task task, State state, const std::string& user);

/// The state that a home in `state` has while the task runs.
[[nodiscard]] State state_during(Task task, State state);

/// Is it an attempt to open the home, which is counted?
[[nodiscard]] bool is_attempt(Task task);

}  // namespace hearth::service
