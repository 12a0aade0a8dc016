// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/secret/verifier.hpp"

#include "core/secret/password_hash.hpp"

namespace hearth::secret {

std::optional<std::size_t> PasswordVerifier::known(const Secret& secret) const {
    for (std::size_t i = 0; i < secrets_.size(); ++i)
        if (secrets_[i] == secret) return i;
    return std::nullopt;
}

std::optional<std::size_t> PasswordVerifier::learn(const Secret& secret) {
    if (const auto index = known(secret)) return index;
    auto copy = secret.clone();
    // Without memory for a copy nothing is remembered: slower, and still right.
    if (!copy) return std::nullopt;
    secrets_.push_back(std::move(copy).value());
    return secrets_.size() - 1;
}

bool PasswordVerifier::opens(const Secret& secret, const std::string& hash) {
    const auto index = learn(secret);
    if (index) {
        const auto answer = answers_.find({*index, hash});
        if (answer != answers_.end()) return answer->second;
    }
    ++derivations_;
    const bool opened = matches(secret, hash);
    if (index) answers_.emplace(std::pair{*index, hash}, opened);
    return opened;
}

std::optional<std::size_t> PasswordVerifier::find_secret(std::span<const Secret> secrets,
                                                         const std::string& hash) {
    // What is known already costs nothing: look for a yes there first.
    for (std::size_t i = 0; i < secrets.size(); ++i) {
        const auto index = known(secrets[i]);
        if (!index) continue;
        const auto answer = answers_.find({*index, hash});
        if (answer != answers_.end() && answer->second) return i;
    }
    for (std::size_t i = 0; i < secrets.size(); ++i)
        if (opens(secrets[i], hash)) return i;
    return std::nullopt;
}

std::optional<Match> PasswordVerifier::find(std::span<const Secret> secrets,
                                            std::span<const std::string> hashes) {
    for (std::size_t h = 0; h < hashes.size(); ++h)
        if (const auto s = find_secret(secrets, hashes[h])) return Match{*s, h};
    return std::nullopt;
}

void PasswordVerifier::remember(const Secret& secret, const std::string& hash) {
    if (const auto index = learn(secret)) answers_[{*index, hash}] = true;
}

}  // namespace hearth::secret
