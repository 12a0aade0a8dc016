// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/records/build.hpp"

#include "core/record/effective.hpp"
#include "core/record/names.hpp"
#include "core/record/validate.hpp"
#include "hosts/homectl/output/text.hpp"
#include "hosts/homectl/records/apply.hpp"

namespace hearth::homectl {

namespace {

using record::Sections;
using record::UserRecord;

struct Identity {
    std::string user;
    std::string realm;
};

Identity split_identity(const std::string& text) {
    const std::size_t at = text.find('@');
    return {text.substr(0, at), at == std::string::npos ? "" : text.substr(at + 1)};
}

Error name_differs(const std::string& argument, const UserRecord& record) {
    return Error(Code::invalid_argument, "name-differs",
                 "The record is not of " + clean(argument) + ".")
        .why("It says that it is of " + clean(record.identity()) + ".")
        .hint("Leave the name out, or give the same one.");
}

/// The name in the argument must be that in the record; a realm that only the argument has is
/// added.
Result<void> check_name(UserRecord& record, const std::string& argument) {
    const Identity wanted = split_identity(argument);
    if (wanted.user != record.user_name()) return name_differs(argument, record);
    if (wanted.realm.empty()) return ok();
    if (!record.realm().empty() && record.realm() != wanted.realm)
        return name_differs(argument, record);
    HEARTH_CHECK(record::check_realm(wanted.realm));
    return record.set("realm", wanted.realm);
}

Result<UserRecord> parse_source(std::string_view source, const Invocation& invocation) {
    return UserRecord::parse(source).transform_error([&](Error&& error) {
        return std::move(error).context(invocation.settings.many
                                            ? "The record cannot be used."
                                            : "The record that --identity names cannot be used.");
    });
}

Result<UserRecord> empty_record(const Invocation& invocation) {
    if (invocation.arguments.empty())
        return Error(Code::invalid_argument, "name-missing", "The name of the new user is missing.")
            .hint("Type: homectl create USER, or give a record with --identity=FILE.");
    const std::string user = split_identity(invocation.arguments[0]).user;
    HEARTH_CHECK(record::check_managed_user_name(user));
    return UserRecord::parse("{\"userName\":" + record::Value(user).json() + "}");
}

/// Options change what a signature covers: keeping both would give a record that nobody can use.
Result<void> check_signature_kept(const UserRecord& record, const Invocation& invocation) {
    if (!record.get("signature") || invocation.changes.empty()) return ok();
    return Error(Code::invalid_argument, "identity-signed",
                 "The options would break the signature of the record that is to be kept.")
        .why(invocation.first_change + " changes what is signed.")
        .hint(
            "Leave the options out, or drop the signature: homectl inspect -EE prints a record "
            "without one.");
}

/// The plain passwords in a record's secret section. They have been in ordinary memory by then, as
/// part of a file; what is made of them here is not.
Result<std::vector<secret::Secret>> passwords_of(const UserRecord& record) {
    std::vector<secret::Secret> out;
    const auto* section = record.json().get("secret").object();
    if (!section) return out;
    const record::Value& password = section->get("password");
    const auto* list = password.array();
    for (std::size_t i = 0; i < (list ? list->size() : 1); ++i) {
        const auto* text = list ? (*list)[i].string() : password.string();
        if (!text) continue;
        HEARTH_TRY(copy, secret::Secret::copy_of(*text));
        out.push_back(std::move(copy));
    }
    return out;
}

Result<void> set_if_missing(UserRecord& record, std::string_view field,
                            const record::Value& value) {
    if (record.get(field)) return ok();
    return record.set(field, value);
}

}  // namespace

Result<NewRecord> build_new_record(const Invocation& invocation,
                                   std::optional<std::string_view> source,
                                   const record::Machine& machine, std::uint64_t now) {
    HEARTH_TRY(record, source ? parse_source(*source, invocation) : empty_record(invocation));
    if (!invocation.arguments.empty()) HEARTH_CHECK(check_name(record, invocation.arguments[0]));
    HEARTH_TRY(passwords, passwords_of(record));
    record.remove_sections(Sections::binding | Sections::status | Sections::secret);
    if (invocation.settings.seize) record.remove("signature");
    HEARTH_CHECK(check_signature_kept(record, invocation));
    HEARTH_CHECK(apply_changes(record, invocation.changes, machine.id));
    if (!record.get("signature")) {
        HEARTH_CHECK(set_if_missing(record, "disposition", "regular"));
        HEARTH_CHECK(set_if_missing(record, "lastChangeUSec", now));
        HEARTH_CHECK(set_if_missing(record, "lastPasswordChangeUSec", now));
    }
    HEARTH_CHECK(record::validate_managed(record));
    return NewRecord{std::move(record), std::move(passwords)};
}

namespace {

/// Only a wish for this machine matters: what other machines store the home in is theirs.
Result<void> check_storage_kept(const Invocation& invocation, const UserRecord& current,
                                const record::Machine& machine) {
    const std::string now = record::Effective(current, machine).text("storage").value_or("");
    for (const Section section : {Section::regular, Section::this_machine}) {
        const record::Value* wish = invocation.changes.find(section, "storage");
        if (wish == nullptr || wish->text() == now) continue;
        return Error(Code::not_supported, "storage-fixed",
                     "The storage of " + current.user_name() + " cannot be changed from " + now +
                         " to " + wish->text().value_or("") + ".")
            .why("The files would have to move.")
            .hint("Create a new home with --storage=, copy the files, and remove the old one.");
    }
    return ok();
}

Result<UserRecord> base_of_update(const Invocation& invocation,
                                  std::optional<std::string_view> source,
                                  const UserRecord& current) {
    if (!source) return current.with_sections(Sections::signed_part);
    HEARTH_TRY(record, parse_source(*source, invocation));
    if (record.identity() != current.identity()) return name_differs(current.identity(), record);
    UserRecord kept = record.with_sections(Sections::embedded);
    HEARTH_CHECK(check_signature_kept(kept, invocation));
    return kept;
}

Result<void> stamp_change(UserRecord& record, const UserRecord& current, std::uint64_t now) {
    if (current.last_change_usec().value_or(0) < now) return record.set("lastChangeUSec", now);
    return Error(Code::invalid_argument, "record-from-the-future",
                 "The record of " + record.user_name() + " was last changed in the future.")
        .why("A change that is made now would look older than what is there.")
        .hint("Set this machine's clock, then try again.");
}

}  // namespace

Result<UserRecord> build_updated_record(const Invocation& invocation,
                                        std::optional<std::string_view> source,
                                        const UserRecord& current, const record::Machine& machine,
                                        std::uint64_t now) {
    if (!source && invocation.changes.empty())
        return Error(Code::invalid_argument, "update-nothing", "There is nothing to change.")
            .hint("Say what to change, as in: homectl update " + current.user_name() +
                  " --real-name=NAME");
    HEARTH_CHECK(check_storage_kept(invocation, current, machine));
    HEARTH_TRY(record, base_of_update(invocation, source, current));
    HEARTH_CHECK(apply_changes(record, invocation.changes, machine.id));
    if (invocation.changes.tokens().adds()) HEARTH_CHECK(record.set("lastPasswordChangeUSec", now));
    if (!record.get("signature")) {
        // A record from outside that brings a time of its own keeps it: it may have been changed
        // elsewhere.
        const bool keeps_time = source && invocation.changes.empty() && record.last_change_usec();
        if (!keeps_time) HEARTH_CHECK(stamp_change(record, current, now));
    }
    HEARTH_CHECK(record::validate_managed(record));
    return record;
}

}  // namespace hearth::homectl
