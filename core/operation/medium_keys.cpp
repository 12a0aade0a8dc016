// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/medium_keys.hpp"

#include <algorithm>
#include <set>

#include "core/crypto/hashes.hpp"
#include "core/operation/credentials.hpp"
#include "core/operation/home_access.hpp"
#include "core/operation/key_work.hpp"

namespace hearth::operation {

namespace {

using Credentials = std::vector<plugin::Credential>;

bool lacks_token(const Credentials& credentials) {
    return std::any_of(credentials.begin(), credentials.end(), [](const auto& one) {
        return one.kind == HEARTH_CREDENTIAL_TOKEN && one.secret == nullptr;
    });
}

bool has_id(const std::set<std::string>& hashes, const plugin::Credential& wanted) {
    return std::any_of(hashes.begin(), hashes.end(),
                       [&](const std::string& hash) { return crypto::sha256(hash) == wanted.id; });
}

}  // namespace

Result<bool> MediumKeys::needs_journal(HomeAccess& home) {
    HEARTH_TRY(found, op_.find_storage(home.storage_name()));
    has_keys_ = found.manifest->credentials == plugin::Credentials::slots;
    return has_keys_;
}

/// A medium that does not know which of its keys is whose needs all tokens, and is the only reason
/// to ask for them.
Result<void> MediumKeys::prepare(HomeAccess& home, record::UserRecord& next) {
    if (!has_keys_) return ok();
    const Credentials credentials = credentials_for(op_, next);
    HEARTH_TRY(medium, home.medium());
    const KeyWork work(op_, home.storage_name());
    auto prepared = medium->rekey_prepare(credentials);
    if (prepared || prepared.error().code() != Code::need_token || !lacks_token(credentials))
        return prepared;
    HEARTH_CHECK(op_.tokens().ask_for_all(next));
    prepared = medium->rekey_prepare(credentials_for(op_, next));
    const auto& failure = op_.tokens().failure();
    if (!prepared && prepared.error().code() == Code::need_token && failure) return *failure;
    return prepared;
}

Result<void> MediumKeys::finish(HomeAccess& home, bool commit) {
    if (!has_keys_) return ok();
    HEARTH_TRY(medium, home.medium());
    return medium->rekey_finish(commit);
}

bool has_other_keys(Operation& op, const record::UserRecord& current,
                    const record::UserRecord& next) {
    const auto before = key_hashes(current);
    const auto after = key_hashes(next);
    if (before == after) return false;
    const Credentials credentials = credentials_for(op, next);
    return std::all_of(credentials.begin(), credentials.end(), [&](const auto& one) {
        return one.secret != nullptr || has_id(before, one);
    });
}

}  // namespace hearth::operation
