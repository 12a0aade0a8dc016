// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/reconcile.hpp"

namespace hearth::record {

namespace {

/// What never travels with a home.
constexpr Sections kLocalOnly = Sections::binding | Sections::status | Sections::secret;

Error of_another_user(const UserRecord& host, const UserRecord& other) {
    return Error(Code::invalid_argument, "record-of-another-user",
                 "The record of " + other.identity() + " does not belong to the home of " +
                     host.identity() + ".")
        .why("The user name and the realm of a home never change.");
}

Error downgrade(const UserRecord& host, std::string why) {
    return Error(Code::invalid_argument, "record-downgrade",
                 "The record of " + host.identity() + " is older than the one that the home has.")
        .why(std::move(why))
        .hint(
            "Activate the home once, so that this machine learns the newer record, and try again.");
}

Error mismatch(const UserRecord& host, std::string why) {
    return Error(Code::invalid_argument, "record-mismatch",
                 "Two records of " + host.identity() + " carry the same time of change.")
        .why(std::move(why))
        .hint("Make the change again, so that it gets a time of its own.");
}

bool same_user(const UserRecord& a, const UserRecord& b) {
    return a.user_name() == b.user_name() && a.realm() == b.realm();
}

/// A record without a time counts as older than any with one.
int compare_times(const UserRecord& a, const UserRecord& b) {
    const auto time_a = a.last_change_usec();
    const auto time_b = b.last_change_usec();
    if (time_a == time_b) return 0;
    return time_a > time_b ? 1 : -1;
}

Reconciled host_copy(Winner winner, const UserRecord& host) {
    auto record = host.clone();
    record.remove_sections(Sections::secret);
    return {winner, std::move(record)};
}

Reconciled other_copy(const UserRecord& host, const UserRecord& other) {
    auto record = other.clone();
    record.take_binding_of(host);
    return {Winner::other, std::move(record)};
}

}  // namespace

Result<Reconciled> reconcile(const UserRecord& host, const UserRecord& other, ReconcileMode mode) {
    if (!same_user(host, other)) return of_another_user(host, other);
    if (overlap(other.sections(), kLocalOnly))
        return Error(Code::corrupt, "record-embedded-section",
                     "The record of " + other.identity() +
                         " in the home has a section that does not belong there.")
            .why("A binding, a status or a secret never travels with a home.");
    const int order = compare_times(host, other);
    if (order > 0) return host_copy(Winner::host, host);
    if (order == 0) {
        if (host.signable() != other.signable()) return host_copy(Winner::host, host);
        if (mode == ReconcileMode::require_newer)
            return mismatch(host, "A newer one was required, but nothing has changed.");
        return host_copy(Winner::identical, host);
    }
    if (mode == ReconcileMode::require_newer_or_equal)
        return downgrade(host, "The home was changed on another machine in the meantime.");
    return other_copy(host, other);
}

Result<void> check_update(const UserRecord& stored, const UserRecord& update) {
    if (!same_user(stored, update)) return of_another_user(stored, update);
    const int order = compare_times(update, stored);
    if (order < 0) return downgrade(stored, "The update was made before the last change.");
    if (order == 0 && stored.signable() != update.signable())
        return mismatch(stored,
                        "They differ nevertheless, so neither can be called the newer one.");
    return ok();
}

}  // namespace hearth::record
