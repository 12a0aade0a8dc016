// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/key_store.hpp"

#include <algorithm>

#include "core/record/base64.hpp"
#include "core/record/json_limits.hpp"
#include "core/record/key_files.hpp"
#include "core/record/signatures.hpp"

namespace hearth::record {

namespace {

struct Tally {
    std::size_t good = 0;
    std::size_t bad = 0;
};

Tally count(const PublicKey& key, const std::string& message,
            const std::vector<Signature>& signatures) {
    Tally tally;
    for (const auto& signature : signatures)
        ++(key.verify(message, signature.data) ? tally.good : tally.bad);
    return tally;
}

Error unsigned_record(const UserRecord& record) {
    return Error(Code::permission, "record-unsigned",
                 "The user record of " + record.identity() + " is not signed.")
        .why("Without a signature anybody could have changed it.")
        .hint(
            "Get a signed copy from the machine that made the home, or let root adopt or create "
            "the home anew.");
}

Error unknown_key(const UserRecord& record, const std::string& state_dir) {
    return Error(Code::permission, "record-unknown-key",
                 "The user record of " + record.identity() +
                     " is signed by a key that this machine does not trust.")
        .why("No key of this machine made the signature.")
        .hint("If you trust the machine that made the home, copy its local.public to " + state_dir +
              "/" + "NAME.public here, with any NAME but \"local\", owned by root.");
}

Error changed_record(const UserRecord& record) {
    auto error = Error(Code::permission, "record-signature-mismatch",
                       "The user record of " + record.identity() + " is not what was signed.");
    if (has_fragile_array(record))
        return std::move(error)
            .why(
                "This machine knows the key, but the signature does not match. systemd-homed can "
                "reorder lists of four or "
                "more entries after it signed them, and this record has such a list.")
            .hint(
                "If nobody changed it, sign it anew on the machine that made it, with such lists "
                "in sorted form.");
    return std::move(error)
        .why(
            "This machine knows the key, but the signature does not match: the record was changed "
            "afterwards.")
        .hint("Undo the change, or get the record again from where it was made.");
}

}  // namespace

Result<KeyStore> KeyStore::open(const std::vector<std::string>& search_dirs,
                                const std::string& state_dir, uid_t owner) {
    KeyStore store(state_dir, owner);
    auto dirs = search_dirs;
    if (std::find(dirs.begin(), dirs.end(), state_dir) == dirs.end()) dirs.push_back(state_dir);
    HEARTH_TRY(local, load_private_key(dirs, owner));
    store.local_ = std::move(local);
    store.dirs_ = std::move(dirs);
    return store;
}

const KeyStore::Trusted& KeyStore::trusted() const {
    if (!trusted_) {
        Trusted found;
        found.keys = load_public_keys(dirs_, owner_, found.warnings);
        trusted_ = std::move(found);
    }
    return *trusted_;
}

Result<void> KeyStore::ensure_local_key() {
    if (local_) return ok();
    HEARTH_TRY(key, create_key_pair(state_dir_, owner_));
    local_ = std::move(key);
    return ok();
}

Result<void> KeyStore::sign(UserRecord& record) {
    HEARTH_CHECK(ensure_local_key());
    const std::string data = local_->sign(record.signable());
    const std::string json = R"([{"data":")" + to_base64(data) + R"(","key":)" +
                             Value(local_->public_key().pem()).json() + "}]";
    HEARTH_TRY(signature, Value::parse(json));
    HEARTH_CHECK(record.set("signature", signature));
    if (record.canonical().size() <= JsonLimits().bytes) return ok();
    record.remove("signature");
    return Error(Code::invalid_argument, "record-too-large",
                 "The user record of " + record.identity() + " is too large.")
        .why("With its signature it would be larger than 1 MiB, and could not be read back.");
}

Result<Trust> KeyStore::verify(const UserRecord& record) const {
    HEARTH_TRY(signatures, read_signatures(record));
    if (signatures.empty()) return Trust::unsigned_record;
    const std::string message = record.signable();
    if (local_) {
        const Tally tally = count(local_->public_key(), message, signatures);
        if (tally.good > 0) return tally.bad == 0 ? Trust::exclusive : Trust::shared;
    }
    const auto& others = trusted_keys();
    const bool foreign = std::any_of(others.begin(), others.end(), [&](const TrustedKey& trusted) {
        return count(trusted.key, message, signatures).good > 0;
    });
    return foreign ? Trust::foreign : Trust::unknown_key;
}

bool KeyStore::knows_key(const std::string& pem) const {
    const auto named = PublicKey::from_pem(pem);
    if (!named) return false;
    if (local_ && local_->public_key().raw() == named->raw()) return true;
    const auto& others = trusted_keys();
    return std::any_of(others.begin(), others.end(),
                       [&](const TrustedKey& t) { return t.key.raw() == named->raw(); });
}

Result<Trust> KeyStore::require_trusted(const UserRecord& record) const {
    HEARTH_TRY(trust, verify(record));
    if (is_trusted(trust)) return trust;
    if (trust == Trust::unsigned_record) return unsigned_record(record);
    HEARTH_TRY(signatures, read_signatures(record));
    const bool known = std::any_of(signatures.begin(), signatures.end(),
                                   [this](const Signature& s) { return knows_key(s.key); });
    if (known) return changed_record(record);
    return unknown_key(record, state_dir_);
}

}  // namespace hearth::record
