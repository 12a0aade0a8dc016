// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/operation/token_entries.hpp"
#include "core/plugin/registry.hpp"
#include "core/record/user_record.hpp"
#include "core/secret/secret.hpp"

namespace hearth::operation {

class Operation;

/// The tokens of one operation: what they gave, and why others gave nothing.
///
/// A person touches a token and types a PIN once: no entry is asked a second time in one operation,
/// and none of a kind that has refused. Plugins are loaded only when there is something to ask.
class Tokens {
  public:
    explicit Tokens(Operation& op) : op_(op) {}
    Tokens(const Tokens&) = delete;
    Tokens& operator=(const Tokens&) = delete;

    /// Does a token open this record? What it gave is among the operation's secrets then. Errors
    /// are those that end the search: cancelled, auth-internal and the like, plugin-*,
    /// token-wrong-answer. A token that is missing or refuses is no error, but failure().
    Result<bool> open(const record::UserRecord& record);
    /// Asks each token whose secret is not known by itself, for whoever needs all of them. Those
    /// that are missing or refuse stay without. Errors: as open().
    Result<void> ask_for_all(const record::UserRecord& record);

    /// Why none of those that were asked gave anything: what a person can do most about.
    [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

  private:
    Result<bool> ask_plugin(const plugin::Registry::Auth& found,
                            const std::vector<std::string>& texts,
                            const std::vector<const TokenEntry*>& entries,
                            const record::UserRecord& record);
    Result<bool> ask(const TokenArray& array, const record::UserRecord& record);
    Result<bool> take(const TokenEntry& entry, const secret::Secret& raw);
    Result<void> shut_in(const record::UserRecord& record, const std::vector<TokenArray>& arrays);
    std::optional<plugin::Registry::Auth> plugin_for(const std::string& place);
    bool is_known(const TokenEntry& entry);
    void note(Error error);

    Operation& op_;
    std::set<std::string> asked_;    // hashes
    std::set<std::string> refused_;  // places
    std::optional<Error> failure_;
};

}  // namespace hearth::operation
