// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/secret/secret.hpp"

namespace hearth::secret {

/// Which of the secrets opens which of the hashes, by position.
struct Match {
    std::size_t secret;
    std::size_t hash;
};

/// Tells which password opens which hash and runs no key derivation twice for the same pair. One
/// per operation: it keeps copies of the secrets (locked) until it is destroyed. One thread.
class PasswordVerifier {
  public:
    /// Does `secret` open `hash`?
    bool opens(const Secret& secret, const std::string& hash);
    /// The first hash, in their order, that one of the secrets opens, and that secret.
    std::optional<Match> find(std::span<const Secret> secrets, std::span<const std::string> hashes);
    /// The secret that opens this hash.
    std::optional<std::size_t> find_secret(std::span<const Secret> secrets,
                                           const std::string& hash);
    /// Records that `hash` was made from `secret` in this operation, so that nobody derives it
    /// again.
    void remember(const Secret& secret, const std::string& hash);
    /// How many key derivations have been run.
    [[nodiscard]] std::size_t derivations() const { return derivations_; }

  private:
    [[nodiscard]] std::optional<std::size_t> known(const Secret& secret) const;
    std::optional<std::size_t> learn(const Secret& secret);

    std::vector<Secret> secrets_;
    std::map<std::pair<std::size_t, std::string>, bool> answers_;
    std::size_t derivations_ = 0;
};

}  // namespace hearth::secret
