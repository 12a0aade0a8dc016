// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/common.hpp"
#include "core/operation/credentials.hpp"
#include "core/operation/home_access.hpp"
#include "core/operation/medium_keys.hpp"
#include "core/operation/record_files.hpp"
#include "core/operation/replace_record.hpp"
#include "core/operation/verbs.hpp"
#include "core/record/effective.hpp"
#include "core/record/reconcile.hpp"
#include "core/record/validate.hpp"

namespace hearth::operation {

namespace {

Error immutable(const std::string& user, const std::string& what, const std::string& hint) {
    return Error(Code::invalid_argument, "field-immutable",
                 "The " + what + " of " + user + " cannot be changed.")
        .why("It is part of what the home is.")
        .hint(hint);
}

std::vector<std::string> names_of(const record::UserRecord& record) {
    const auto aliases = record.get("aliases");
    return aliases ? aliases->strings().value_or(std::vector<std::string>())
                   : std::vector<std::string>();
}

/// What a home is made of stays as it was made; the binding wins anyway, so a change here would
/// only be silently lost.
Result<void> check_unchanged(Operation& op, const record::UserRecord& current,
                             const record::UserRecord& wanted) {
    if (wanted.identity() != current.identity()) {
        return Error(Code::invalid_argument, "record-of-another-user",
                     "The record is not of " + current.identity() + ".")
            .why("It is of " + wanted.identity() + ", and the name of a home cannot be changed.")
            .hint("Create a new home under the new name, and copy the files.");
    }
    if (names_of(wanted) != names_of(current)) {
        return immutable(current.user_name(), "list of aliases",
                         "Create a new home with other aliases, and copy the files.");
    }
    const record::Effective before(current, op.machine());
    record::UserRecord unbound = wanted.clone();
    unbound.remove_sections(record::Sections::binding | record::Sections::status);
    const record::Effective after(unbound, op.machine());
    for (const char* field : {"storage", "uid", "gid"}) {
        const auto asked = unbound.get(field);
        const auto effective = after.value(field);
        if (effective && *effective != before.value(field).value_or(*effective) &&
            (asked || field == std::string("storage"))) {
            return immutable(current.user_name(), field, "Create a new home, and copy the files.");
        }
    }
    return ok();
}

Result<record::UserRecord> accept(Operation& op, const record::UserRecord& current,
                                  const record::UserRecord& wanted) {
    HEARTH_CHECK(record::validate(wanted));
    HEARTH_CHECK(check_unchanged(op, current, wanted));
    HEARTH_CHECK(record::check_update(current, wanted));
    record::UserRecord next = wanted.with_sections(record::Sections::embedded);
    if (!next.get("signature")) {
        HEARTH_TRY(ours, next_version(op, current));
        (void)ours;
    }
    next.take_binding_of(current);
    if (const auto status = current.get("status")) HEARTH_CHECK(next.set("status", *status));
    return next;
}

/// The files that belong to the record, and the keys of the medium where the record has others.
class Update final : public MediumChange {
  public:
    explicit Update(Operation& op) : op_(op), files_(op), keys_(op) {}

    Result<record::UserRecord> make_next(const record::UserRecord& current,
                                         const record::UserRecord& wanted) {
        HEARTH_TRY(next, accept(op_, current, wanted));
        HEARTH_CHECK(hash_new_keys(op_, next));
        changes_keys_ = has_other_keys(op_, current, next);
        return next;
    }
    Result<bool> needs_journal(HomeAccess& home) override {
        return changes_keys_ ? keys_.needs_journal(home) : files_.needs_journal(home);
    }
    Result<void> prepare(HomeAccess& home, record::UserRecord& next) override {
        if (changes_keys_) HEARTH_CHECK(keys_.prepare(home, next));
        return files_.prepare(home, next);
    }
    Result<void> finish(HomeAccess& home, bool commit) override {
        HEARTH_CHECK(files_.finish(home, commit));
        return changes_keys_ ? keys_.finish(home, commit) : ok();
    }

  private:
    Operation& op_;
    FileChange files_;
    MediumKeys keys_;
    bool changes_keys_ = false;
};

/// An interrupted change knows by the date of the host's record how far it has come.
Result<void> require_finished_changes(Operation& op) {
    HEARTH_TRY(left, Journal::left_behind(op.root(), op.user()));
    const bool unfinished = left && (left->verb == Verb::update || left->verb == Verb::passwd ||
                                     left->verb == Verb::resize);
    if (!unfinished) return ok();
    return Error(Code::home_busy, "change-unfinished",
                 "An interrupted change of the home of " + op.user() + " is not finished.")
        .why("What is left of it needs the home's password.")
        .hint("Activate the home once, or run: homectl authenticate " + op.user());
}

}  // namespace

Result<record::UserRecord> update(Operation& op, record::UserRecord wanted) {
    HEARTH_TRY(host_record, load_trusted(op));
    Update change(op);
    return replace_record(
        op, std::move(host_record), change,
        [&](const record::UserRecord& current) { return change.make_next(current, wanted); });
}

Result<record::UserRecord> update_offline(Operation& op, record::UserRecord wanted) {
    HEARTH_CHECK(require_finished_changes(op));
    HEARTH_TRY(current, load_trusted(op));
    HEARTH_TRY(next, accept(op, current, wanted));
    HEARTH_CHECK(hash_new_keys(op, next));
    HEARTH_TRY(files, take_files(op, next, current));
    HEARTH_CHECK(sign_or_check(op, next));
    bind_files(op, next);
    HomeAccess home(op, std::move(current));
    HEARTH_CHECK(op.run({
        {"looking whether the home is locked", [&] { return home.require_unlocked(); }},
        {"writing the journal", [&] { return announce_record(op); }},
        {"keeping its files", [&] { return stage_files(op, files); },
         [&] { settle_files(op, home.record(), -1, false); }},
        {"writing the record", [&] { return op.store().save(next); }, {}, true},
        {"putting its files in their place",
         [&] {
             settle_files(op, next, -1, false);
             return ok();
         }},
    }));
    return next;
}

}  // namespace hearth::operation
