// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/worker/request.hpp"
#include "hosts/homectl/tokens/enroll.hpp"
#include "hosts/homectl/tokens/recovery_key.hpp"
#include "hosts/homectl/verbs/verb.hpp"

namespace hearth::homectl {

/// The keys of one command line's new tokens, and its new recovery key. If it is destroyed before
/// show(), the recovery key is thrown away.
class NewKeys {
  public:
    NewKeys() = default;
    NewKeys(NewKeys&& other) noexcept
        : keys_(std::move(other.keys_)),
          recovery_key_(std::exchange(other.recovery_key_, std::nullopt)),
          place_(std::exchange(other.place_, std::nullopt)) {}
    NewKeys& operator=(NewKeys&&) = delete;
    NewKeys(const NewKeys&) = delete;
    NewKeys& operator=(const NewKeys&) = delete;
    ~NewKeys() {
        if (place_) place_->give_up();
    }

    /// Puts copies of them into a request. Error: secret-memory.
    Result<void> fill(worker::Request& request) const;
    /// The home has them now: its owner gets the recovery key.
    Result<void> show(const std::string& user);

  private:
    friend Result<NewKeys> make_new_keys(record::UserRecord& record, const record::Machine& machine,
                                         const TokenChanges& changes, Dialogue& dialogue);
    Result<void> make_recovery_key(const std::string& path);

    std::vector<NewKey> keys_;
    std::optional<secret::Secret> recovery_key_;
    std::optional<RecoveryKeyPlace> place_;
};

/// Changes the tokens and recovery keys of a record as the command line says: takes out, enrolls,
/// makes keys. Errors: those of entries.hpp, enroll.hpp and recovery_key.hpp.
Result<NewKeys> make_new_keys(record::UserRecord& record, const record::Machine& machine,
                              const TokenChanges& changes, Dialogue& dialogue);

/// Does the command line only ask which devices there are, or which tokens a home has?
[[nodiscard]] bool list_devices_instead(const TokenChanges& changes);
[[nodiscard]] bool list_tokens_instead(const TokenChanges& changes);
Result<ExitStatus> show_devices(const Context& context);
Result<ExitStatus> show_tokens(const record::UserRecord& record);

}  // namespace hearth::homectl
