// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "core/base/result.hpp"
#include "hosts/homectl/context.hpp"

namespace hearth::homectl {

/// The exit status of homectl: 0 for success, 1 for failure; "with" passes its command's on.
using ExitStatus = int;

inline constexpr std::size_t kManyArguments = ~std::size_t{0};

/// One verb of the command line.
struct Verb {
    std::string_view name;
    /// The arguments, as help shows them.
    std::string_view arguments = {};
    std::string_view help = {};
    /// Null: known from systemd-homed, but not in this version.
    Result<ExitStatus> (*run)(Context& context) = nullptr;
    std::size_t least = 0;
    std::size_t most = 0;
    /// Does it read or change homes?
    bool uses_homes = true;
    /// Does it take the options that change a record?
    bool takes_changes = false;
    bool hidden = false;
};

/// All verbs, in the order in which help shows them.
[[nodiscard]] std::span<const Verb> verbs();

/// Errors: verb-unknown (with the nearest one, or what to type instead), verb-not-available.
Result<const Verb*> find_verb(std::string_view name);

/// Checks the number of arguments, and that the options fit the verb.
/// Errors: argument-missing, argument-needless, option-not-for-verb.
Result<void> check_usage(const Verb& verb, const Invocation& invocation);

// One file each.
Result<ExitStatus> run_help(Context& context);
Result<ExitStatus> run_list(Context& context);
Result<ExitStatus> run_inspect(Context& context);
Result<ExitStatus> run_create(Context& context);
Result<ExitStatus> run_create_many(Context& context);
Result<ExitStatus> run_update(Context& context);
Result<ExitStatus> run_passwd(Context& context);
Result<ExitStatus> run_resize(Context& context);
Result<ExitStatus> run_remove(Context& context);
Result<ExitStatus> run_activate(Context& context);
Result<ExitStatus> run_deactivate(Context& context);
Result<ExitStatus> run_deactivate_all(Context& context);
Result<ExitStatus> run_lock(Context& context);
Result<ExitStatus> run_unlock(Context& context);
Result<ExitStatus> run_lock_all(Context& context);
Result<ExitStatus> run_metrics(Context& context);
Result<ExitStatus> run_rebalance(Context& context);
Result<ExitStatus> run_authenticate(Context& context);
Result<ExitStatus> run_repair(Context& context);
Result<ExitStatus> run_with(Context& context);
Result<ExitStatus> run_adopt(Context& context);
Result<ExitStatus> run_register(Context& context);
Result<ExitStatus> run_unregister(Context& context);
Result<ExitStatus> run_list_signing_keys(Context& context);
Result<ExitStatus> run_get_signing_key(Context& context);
Result<ExitStatus> run_add_signing_key(Context& context);
Result<ExitStatus> run_remove_signing_key(Context& context);
Result<ExitStatus> run_plugins(Context& context);

}  // namespace hearth::homectl
