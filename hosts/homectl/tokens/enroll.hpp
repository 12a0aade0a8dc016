// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "core/base/result.hpp"
#include "core/record/machine.hpp"
#include "core/record/user_record.hpp"
#include "hosts/homectl/options/token_changes.hpp"
#include "hosts/homectl/passwords/dialogue.hpp"
#include "hosts/homectl/tokens/entries.hpp"

namespace hearth::homectl {

/// Sets up each token that the command line names for the owner of the record, and adds it there;
/// PINs and touches are asked for at the terminal. Runs the plugins in this process, with no more
/// rights than the caller has. Errors: auth-*, plugin-*, token-none, token-ambiguous.
Result<std::vector<NewKey>> enroll_tokens(record::UserRecord& record,
                                          const record::Machine& machine,
                                          const TokenChanges& changes, Dialogue& dialogue);

/// Prints the tokens of a kind that are there. Errors: auth-*, plugin-*.
Result<void> print_devices(const std::string& kind);

/// Prints the tokens that a record has.
void print_tokens(const record::UserRecord& record);

}  // namespace hearth::homectl
