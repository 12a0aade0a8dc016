// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/credentials.hpp"

#include "core/crypto/hashes.hpp"
#include "core/record/effective.hpp"
#include "core/secret/password_hash.hpp"
#include "core/secret/quality.hpp"
#include "core/secret/recovery_key.hpp"

namespace hearth::operation {

namespace {

std::vector<std::string> recovery_hashes(const record::UserRecord& record) {
    std::vector<std::string> out;
    const auto* section = record.json().get("privileged").object();
    const auto* entries = section ? section->get("recoveryKey").array() : nullptr;
    if (!entries) return out;
    for (const auto& element : *entries) {
        const auto* entry = element.object();
        const auto* hash = entry ? entry->get("hashedPassword").string() : nullptr;
        if (hash) out.push_back(*hash);
    }
    return out;
}

/// A recovery key may be typed where a password is asked for, in upper case and without its dashes.
std::vector<secret::Secret> recovery_candidates(const secret::Secrets& secrets) {
    std::vector<secret::Secret> out;
    for (const auto* list : {&secrets.recovery_keys, &secrets.passwords}) {
        for (const auto& typed : *list) {
            if (auto key = secret::normalize_recovery_key(typed))
                out.push_back(std::move(key).value());
        }
    }
    return out;
}

bool opens_record(Operation& op, const std::vector<std::string>& passwords,
                  const std::vector<std::string>& recovery) {
    const auto& secrets = op.request().secrets;
    if (op.verifier().find(secrets.passwords, passwords)) return true;
    if (recovery.empty()) return false;
    const auto keys = recovery_candidates(secrets);
    return op.verifier().find(keys, recovery).has_value();
}

Error bad_secret(const record::UserRecord& record) {
    return Error(Code::bad_secret, "bad-secret",
                 "The password does not open the home of " + record.user_name() + ".")
        .hint("Try again; mind the Caps Lock key and the keyboard layout.");
}

Error bad_recovery_key(const record::UserRecord& record) {
    return Error(Code::bad_secret, "bad-recovery-key",
                 "The recovery key does not open the home of " + record.user_name() + ".")
        .why("It has no password, only recovery keys.")
        .hint("Type the key again, all eight groups of letters.");
}

bool has_policy(Operation& op, const record::UserRecord& record) {
    const record::Effective effective(record, op.machine());
    return !op.request().skip_quality && effective.flag("enforcePasswordPolicy").value_or(true);
}

Result<void> check_policy(Operation& op, const record::UserRecord& record) {
    if (!has_policy(op, record)) return ok();
    for (const auto& fresh : op.request().new_passwords) {
        HEARTH_CHECK(
            secret::check_quality(fresh, record.user_name(), op.request().secrets.passwords));
    }
    return ok();
}

plugin::Credential credential(std::uint32_t kind, const std::string& hash,
                              const secret::Secret* secret) {
    plugin::Credential out;
    out.kind = kind;
    out.id = crypto::sha256(hash);
    out.secret = secret;
    return out;
}

const secret::Secret* find_secret(Operation& op, const std::string& hash) {
    for (const auto* list : {&op.request().new_passwords, &op.request().secrets.passwords}) {
        if (const auto i = op.verifier().find_secret(*list, hash)) return &(*list)[*i];
    }
    return nullptr;
}

const secret::Secret* find_recovery_key(Operation& op, const std::string& hash) {
    for (const auto* list :
         {&op.request().secrets.recovery_keys, &op.request().secrets.passwords}) {
        if (const auto i = op.verifier().find_secret(*list, hash)) return &(*list)[*i];
    }
    return nullptr;
}

}  // namespace

void normalize_recovery_keys(secret::Secrets& secrets) {
    for (auto& typed : secrets.recovery_keys) {
        if (auto key = secret::normalize_recovery_key(typed)) typed = std::move(key).value();
    }
    for (const auto& typed : secrets.passwords) {
        auto key = secret::normalize_recovery_key(typed);
        // Typed in that form, it is tried as a password anyway.
        if (key && key->view() != typed.view())
            secrets.recovery_keys.push_back(std::move(key).value());
    }
}

Result<void> authenticate(Operation& op, const record::UserRecord& record) {
    const auto passwords = record.hashed_passwords();
    const auto recovery = recovery_hashes(record);
    if (passwords.empty() && recovery.empty()) {
        return Error(Code::no_auth_configured, "no-authentication",
                     "The home of " + record.user_name() + " has no password and no other way in.")
            .hint("Set a password with: homectl passwd " + record.user_name());
    }
    if (op.request().secrets.empty() || !opens_record(op, passwords, recovery))
        return refusal(op, record);
    return ok();
}

Error refusal(Operation& op, const record::UserRecord& record) {
    const bool only_recovery =
        record.hashed_passwords().empty() && !recovery_hashes(record).empty();
    if (!op.request().secrets.empty())
        return only_recovery ? bad_recovery_key(record) : bad_secret(record);
    return Error(Code::bad_secret, "password-needed",
                 "The home of " + record.user_name() + " needs a password.")
        .hint("Run homectl on a terminal, or set the variable PASSWORD for it.");
}

Result<void> set_new_passwords(Operation& op, record::UserRecord& record) {
    if (op.request().new_passwords.empty()) {
        return Error(Code::invalid_argument, "password-missing",
                     "A new password is needed, and none was given.")
            .hint("Run homectl on a terminal, or set the variable NEWPASSWORD for it.");
    }
    HEARTH_CHECK(check_policy(op, record));
    std::vector<std::string> hashes;
    for (const auto& fresh : op.request().new_passwords) {
        HEARTH_TRY(hash, secret::hash_password(fresh));
        op.verifier().remember(fresh, hash);
        hashes.push_back(std::move(hash));
    }
    record.set_privileged("hashedPassword", hashes);
    return ok();
}

Result<void> check_given_passwords(Operation& op, const record::UserRecord& record) {
    if (!has_policy(op, record)) return ok();
    for (const auto& hash : record.hashed_passwords()) {
        const auto& given = op.request().secrets.passwords;
        if (const auto fits = op.verifier().find_secret(given, hash))
            HEARTH_CHECK(secret::check_quality(given[*fits], record.user_name(), {}));
    }
    return ok();
}

Result<std::vector<plugin::Credential>> credentials_for(Operation& op,
                                                        const record::UserRecord& record) {
    std::vector<plugin::Credential> out;
    for (const auto& hash : record.hashed_passwords()) {
        const secret::Secret* secret = find_secret(op, hash);
        if (secret == nullptr) return bad_secret(record);
        out.push_back(credential(HEARTH_CREDENTIAL_PASSWORD, hash, secret));
    }
    for (const auto& hash : recovery_hashes(record)) {
        out.push_back(credential(HEARTH_CREDENTIAL_RECOVERY, hash, find_recovery_key(op, hash)));
    }
    return out;
}

}  // namespace hearth::operation
