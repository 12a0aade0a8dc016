// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/secret/secret.hpp"
#include "core/secret/secrets.hpp"
#include "hosts/homectl/passwords/source.hpp"
#include "hosts/homectl/passwords/terminal.hpp"

namespace hearth::homectl {

/// Gets the passwords of one user for one operation: from the environment, or else from the person
/// at the terminal, who may try again. What came from the environment is never tried twice.
class Dialogue {
  public:
    /// `may_ask`: false never asks at a terminal.
    Dialogue(const PasswordSource& source, std::string user, bool may_ask);

    /// The password of a home that exists; asked for again after a failure. `current`: a new one
    /// will follow. Errors: no-password, and those of Terminal.
    Result<void> need_existing(bool current);
    /// A new password, typed twice. Errors: no-password, passwords-differ (four times), and those
    /// of Terminal.
    Result<void> need_fresh();

    /// A recovery key, where the home has no password.
    Result<void> need_recovery_key();

    /// Does what a security token asks for: gets its PIN, or tells its owner to touch it and notes
    /// that they were told. False: the error is nothing that anybody here can do about.
    Result<bool> help_token(const Error& error);
    /// What tokens need of the person, so far.
    [[nodiscard]] Result<secret::Secrets> token_secrets() const;

    /// Can somebody be asked at a terminal?
    [[nodiscard]] bool can_ask();
    /// Is there a password in the environment that has not been used?
    [[nodiscard]] bool has_given() const {
        return existing_.empty() && !source_.existing().empty();
    }
    /// Whether a person can be asked to try again.
    [[nodiscard]] bool existing_was_typed() const { return existing_typed_; }
    [[nodiscard]] bool fresh_was_typed() const { return fresh_typed_; }
    /// All that were given so far, the newest first.
    [[nodiscard]] const std::vector<secret::Secret>& existing() const { return existing_; }
    [[nodiscard]] const std::optional<secret::Secret>& fresh() const { return fresh_; }
    /// A password that came with the record itself.
    void add_existing(secret::Secret password);
    void set_fresh(secret::Secret password) { fresh_ = std::move(password); }
    /// Tells the person at the terminal something.
    void say(const std::string& text);

  private:
    Result<Terminal*> terminal(const char* variable);
    Result<bool> help_pin(const Error& error);
    Result<bool> permit(std::uint64_t permission, const std::string& request);

    const PasswordSource& source_;
    std::string user_;
    bool may_ask_;
    bool existing_typed_ = false;
    bool fresh_typed_ = false;
    std::vector<secret::Secret> existing_;
    std::optional<secret::Secret> fresh_;
    /// The newest alone: each that is tried uses up a try.
    std::optional<secret::Secret> pin_;
    std::uint64_t permissions_ = 0;
    std::optional<Terminal> terminal_;
};

}  // namespace hearth::homectl
