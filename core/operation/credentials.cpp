// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/credentials.hpp"

#include <algorithm>

#include "core/crypto/hashes.hpp"
#include "core/operation/token_entries.hpp"
#include "core/record/effective.hpp"
#include "core/secret/base64.hpp"
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

/// Without any token.
bool opens_record(Operation& op, const record::UserRecord& record) {
    const auto& secrets = op.request().secrets;
    if (op.verifier().find(secrets.passwords, record.hashed_passwords())) return true;
    const auto recovery = recovery_hashes(record);
    if (recovery.empty()) return false;
    const auto keys = recovery_candidates(secrets);
    return op.verifier().find(keys, recovery).has_value();
}

Error bad_secret(const record::UserRecord& record) {
    return Error(Code::bad_secret, "bad-secret",
                 "The password does not open the home of " + record.user_name() + ".")
        .hint("Try again; mind the Caps Lock key and the keyboard layout.");
}

/// Is there anything to compare with the record? PINs are for tokens alone.
bool has_words(Operation& op) {
    const auto& secrets = op.request().secrets;
    return !secrets.passwords.empty() || !secrets.recovery_keys.empty();
}

/// A token that wants something is told about first. One that is not there only matters to
/// somebody who has nothing better.
Error token_refusal(Operation& op, const record::UserRecord& record, const Error& failure) {
    if (failure.code() != Code::need_token || !has_words(op)) return failure;
    return Error(Code::need_token, "bad-password-and-no-token",
                 "The password does not open the home of " + record.user_name() +
                     ", and none of its security tokens is there.")
        .why(failure.why())
        .hint("Type the password again, or plug a token in.");
}

Error bad_recovery_key(const record::UserRecord& record) {
    return Error(Code::bad_secret, "bad-recovery-key",
                 "The recovery key does not open the home of " + record.user_name() + ".")
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

/// The entries that wait for a hash: recovery keys, and tokens of kinds that plugins are there for.
std::vector<record::Object*> entries_without_hash(Operation& op, record::UserRecord& record) {
    std::vector<record::Object*> out;
    auto* section = record.json().find_object("privileged");
    if (!section) return out;
    std::vector<std::string> names{"recoveryKey"};
    for (const auto& auth : op.registry().auths())
        names.push_back(auth.manifest->record_array.substr(std::string("/privileged/").size()));
    std::sort(names.begin(), names.end());
    for (const auto& name : names) {
        auto* value = section->find(name);
        auto* elements = value ? value->array() : nullptr;
        if (!elements) continue;
        for (auto& element : *elements)
            if (element.object() && !element.object()->contains("hashedPassword"))
                out.push_back(element.object());
    }
    return out;
}

/// A recovery key opens a medium as it is written down; what a token gives is raw.
Result<void> hash_key(Operation& op, record::Object& entry, const secret::Secret& key) {
    if (entry.get("type").text() == "modhex64") {
        HEARTH_TRY(normal, secret::normalize_recovery_key(key));
        HEARTH_TRY(hash, secret::hash_password(normal));
        op.verifier().remember(normal, hash);
        entry.set("hashedPassword", hash);
        return op.add_recovery_key(std::move(normal));
    }
    HEARTH_TRY(text, secret::to_base64(key));
    HEARTH_TRY(hash, secret::hash_password(text));
    op.verifier().remember(text, hash);
    entry.set("hashedPassword", hash);
    return op.add_token_secret(std::move(text));
}

const secret::Secret* find_secret(Operation& op, const std::string& hash) {
    for (const auto* list : {&op.request().new_passwords, &op.request().secrets.passwords}) {
        if (const auto i = op.verifier().find_secret(*list, hash)) return &(*list)[*i];
    }
    return nullptr;
}

const secret::Secret* find_token_secret(Operation& op, const std::string& hash) {
    const auto& known = op.request().secrets.token_secrets;
    const auto i = op.verifier().find_secret(known, hash);
    return i ? &known[*i] : nullptr;
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
    if (record.hashed_passwords().empty() && recovery_hashes(record).empty() &&
        token_arrays(record).empty()) {
        return Error(Code::no_auth_configured, "no-authentication",
                     "The home of " + record.user_name() + " has no password and no other way in.")
            .hint("Set a password with: homectl passwd " + record.user_name());
    }
    if (opens_record(op, record)) return ok();
    HEARTH_TRY(opened, op.tokens().open(record));
    return opened ? ok() : Result<void>(refusal(op, record));
}

Result<void> ask_tokens(Operation& op, const record::UserRecord& record) {
    if (token_arrays(record).empty() || opens_record(op, record)) return ok();
    HEARTH_TRY(opened, op.tokens().open(record));
    // The record inside may have another password than the one here: the medium has to be asked.
    return opened || has_words(op) ? ok() : Result<void>(refusal(op, record));
}

Error refusal(Operation& op, const record::UserRecord& record) {
    if (const auto& failure = op.tokens().failure()) return token_refusal(op, record, *failure);
    const bool only_recovery =
        record.hashed_passwords().empty() && !recovery_hashes(record).empty();
    if (has_words(op)) return only_recovery ? bad_recovery_key(record) : bad_secret(record);
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

Result<void> check_hashes(Operation& op, const record::UserRecord& record) {
    return has_words(op) ? authenticate(op, record) : ok();
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

Result<void> hash_new_keys(Operation& op, record::UserRecord& record) {
    const auto& keys = op.request().new_keys;
    if (keys.empty()) return ok();
    const auto entries = entries_without_hash(op, record);
    if (entries.size() != keys.size())
        return Error(Code::invalid_argument, "new-keys-mismatch",
                     "There are not as many secrets as new tokens and recovery keys in the record.")
            .hint("If the package was just upgraded, run the command again.");
    for (std::size_t i = 0; i < keys.size(); ++i) HEARTH_CHECK(hash_key(op, *entries[i], keys[i]));
    return ok();
}

std::set<std::string> key_hashes(const record::UserRecord& record) {
    std::set<std::string> out;
    for (const auto& hashes :
         {record.hashed_passwords(), recovery_hashes(record), token_hashes(record)})
        out.insert(hashes.begin(), hashes.end());
    return out;
}

std::vector<plugin::Credential> credentials_for(Operation& op, const record::UserRecord& record) {
    std::vector<plugin::Credential> out;
    for (const auto& hash : record.hashed_passwords())
        out.push_back(credential(HEARTH_CREDENTIAL_PASSWORD, hash, find_secret(op, hash)));
    for (const auto& hash : recovery_hashes(record))
        out.push_back(credential(HEARTH_CREDENTIAL_RECOVERY, hash, find_recovery_key(op, hash)));
    for (const auto& hash : token_hashes(record))
        out.push_back(credential(HEARTH_CREDENTIAL_TOKEN, hash, find_token_secret(op, hash)));
    return out;
}

Result<std::vector<plugin::Credential>> all_credentials_for(Operation& op,
                                                            const record::UserRecord& record) {
    HEARTH_CHECK(op.tokens().ask_for_all(record));
    auto out = credentials_for(op, record);
    for (const auto& one : out) {
        if (one.secret != nullptr) continue;
        if (one.kind == HEARTH_CREDENTIAL_PASSWORD) return bad_secret(record);
        if (one.kind == HEARTH_CREDENTIAL_RECOVERY) return bad_recovery_key(record);
        return refusal(op, record);
    }
    return out;
}

}  // namespace hearth::operation
