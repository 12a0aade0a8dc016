// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/common.hpp"
#include "core/operation/credentials.hpp"
#include "core/operation/home_access.hpp"
#include "core/operation/key_work.hpp"
#include "core/operation/password_change.hpp"
#include "core/operation/replace_record.hpp"
#include "core/operation/verbs.hpp"
#include "core/system/clock.hpp"

namespace hearth::operation {

namespace {

/// The medium's keys, for storages that have any of their own.
class MediumKeys final : public MediumChange {
  public:
    explicit MediumKeys(Operation& op) : op_(op) {}

    Result<bool> needs_journal(HomeAccess& home) override {
        HEARTH_TRY(found, op_.find_storage(home.storage_name()));
        has_keys_ = found.manifest->credentials == plugin::Credentials::slots;
        return has_keys_;
    }
    Result<void> prepare(HomeAccess& home, record::UserRecord& next) override {
        if (!has_keys_) return ok();
        HEARTH_TRY(credentials, credentials_for(op_, next));
        HEARTH_TRY(medium, home.medium());
        const KeyWork work(op_, home.storage_name());
        return medium->rekey_prepare(credentials);
    }
    Result<void> finish(HomeAccess& home, bool commit) override {
        if (!has_keys_) return ok();
        HEARTH_TRY(medium, home.medium());
        return medium->rekey_finish(commit);
    }

  private:
    Operation& op_;
    bool has_keys_ = false;
};

/// Without a new password the medium gets the keys of those that the record has.
Result<record::UserRecord> with_new_passwords(Operation& op, const record::UserRecord& current) {
    HEARTH_CHECK(
        check_may_change_password(record::Effective(current, op.machine()), system::now_usec()));
    HEARTH_TRY(next, next_version(op, current));
    if (op.request().new_passwords.empty()) return next;
    HEARTH_CHECK(set_new_passwords(op, next));
    HEARTH_CHECK(note_changed_password(next, next.last_change_usec().value_or(0)));
    return next;
}

}  // namespace

Result<record::UserRecord> passwd(Operation& op) {
    HEARTH_TRY(host_record, load_trusted(op));
    MediumKeys keys(op);
    return replace_record(op, std::move(host_record), keys, [&](const record::UserRecord& current) {
        return with_new_passwords(op, current);
    });
}

}  // namespace hearth::operation
