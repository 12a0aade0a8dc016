// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/record/signing.hpp"
#include "core/record/trust.hpp"
#include "core/record/user_record.hpp"

namespace hearth::record {

/// A public key that this machine trusts, and the name of its file.
struct TrustedKey {
    std::string name;
    PublicKey key;
};

/// The keys of this machine: its own pair, and the public keys of those whose records it accepts.
/// Loaded once, those of others when they are first needed: what lies beside them are the records
/// of all users. One thread; moves only.
class KeyStore {
  public:
    /// Reads local.private and all *.public from `search_dirs`, the most important first, then from
    /// `state_dir`. A file in an earlier folder hides one of the same name; an empty file or a link
    /// to /dev/null hides it without a replacement. Folders that are missing are fine. A public key
    /// that cannot be used is skipped with a warning; a private key that others could read is an
    /// error (signing-key-unsafe), since nothing it signed can be trusted. `owner`: who must own
    /// the files; root but for tests.
    static Result<KeyStore> open(const std::vector<std::string>& search_dirs,
                                 const std::string& state_dir, uid_t owner = 0);

    /// Replaces the signature of the record by our own, over what it says now. Makes the key pair
    /// of this machine first if there is none. [root]
    Result<void> sign(UserRecord& record);

    /// Whose signature is it? Only a malformed signature is an error (record-bad-signature).
    [[nodiscard]] Result<Trust> verify(const UserRecord& record) const;

    /// verify(), and an error unless the record may be used: record-unsigned, record-unknown-key,
    /// or record-signature-mismatch if we do know the key but the record is not what it signed.
    [[nodiscard]] Result<Trust> require_trusted(const UserRecord& record) const;

    /// Our own key, as local.public, which is made first if there is none, and those that are
    /// trusted; by name. [root]
    Result<std::vector<TrustedKey>> all_keys();
    /// The one of that name. Errors: public-key-unknown. [root]
    Result<TrustedKey> find_key(const std::string& name);
    /// Trusts one more: NAME.public in the state folder. Errors: public-key-name, public-key-exists
    /// (the name or the key), public-key-invalid, signing-key-write. [root]
    Result<void> add_key(const std::string& name, std::string_view pem);
    /// Trusts it no longer. Homes that somebody has loaded already stay loaded. Errors:
    /// public-key-name, public-key-unknown, public-key-elsewhere (no key of the state folder).
    /// [root]
    Result<void> remove_key(const std::string& name);

    [[nodiscard]] bool has_private_key() const { return local_.has_value(); }
    /// Null if this machine has no key pair yet.
    [[nodiscard]] const PublicKey* local_public_key() const {
        return local_ ? &local_->public_key() : nullptr;
    }
    [[nodiscard]] const std::vector<TrustedKey>& trusted_keys() const { return trusted().keys; }
    /// Why keys were skipped: for whoever opened the store to report. Reads them.
    [[nodiscard]] const std::vector<Error>& warnings() const { return trusted().warnings; }

  private:
    KeyStore(std::string state_dir, uid_t owner)
        : state_dir_(std::move(state_dir)), owner_(owner) {}
    Result<void> ensure_local_key();
    struct Trusted {
        std::vector<TrustedKey> keys;
        std::vector<Error> warnings;
    };
    const Trusted& trusted() const;
    [[nodiscard]] bool knows_key(const std::string& pem) const;

    std::string state_dir_;
    std::vector<std::string> dirs_;  ///< all that are searched
    uid_t owner_;
    std::optional<SigningKey> local_;
    mutable std::optional<Trusted> trusted_;
};

}  // namespace hearth::record
