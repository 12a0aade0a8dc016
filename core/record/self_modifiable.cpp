// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/self_modifiable.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/record/effective.hpp"
#include "core/record/json.hpp"
#include "core/record/layers.hpp"
#include "core/record/value.hpp"

namespace hearth::record {

namespace {

using Names = std::vector<std::string>;

// What a regular user may change where the record does not say. The time of the change is among
// them: without it no change could be made at all.
const Names& default_fields() {
    static const Names names = {"realName",
                                "emailAddress",
                                "iconName",
                                "location",
                                "shell",
                                "umask",
                                "environment",
                                "timeZone",
                                "preferredLanguage",
                                "additionalLanguages",
                                "preferredSessionLauncher",
                                "defaultArea",
                                "preferredSessionType",
                                "pkcs11TokenUri",
                                "recoveryKeyType",
                                "fido2HmacCredential",
                                "lastChangeUSec",
                                "lastPasswordChangeUSec"};
    return names;
}

const Names& default_blobs() {
    static const Names names = {"avatar", "login-background"};
    return names;
}

const Names& default_privileged() {
    static const Names names = {"passwordHint",  "hashedPassword", "pkcs11EncryptedKey",
                                "fido2HmacSalt", "recoveryKey",    "sshAuthorizedKeys"};
    return names;
}

struct Allowed {
    Names fields, blobs, privileged;
};

Allowed allowed_by(const UserRecord& record, const Machine& machine) {
    const Effective effective(record, machine);
    const bool regular = effective.text("disposition").value_or("regular") == "regular";
    const auto list = [&](const char* field, const Names& otherwise) {
        // An empty list is a list: nothing may be changed.
        if (effective.value(field)) return effective.strings(field);
        return regular ? otherwise : Names();
    };
    return {list("selfModifiableFields", default_fields()),
            list("selfModifiableBlobs", default_blobs()),
            list("selfModifiablePrivileged", default_privileged())};
}

void strip(Object& object, const Names& names) {
    for (const std::string& name : names) object.remove(name);
}

/// From an object that is a member, which goes when nothing is left of it.
void strip_member(Object& object, const char* member, const Names& names) {
    Object* const inner = object.find_object(member);
    if (inner == nullptr) return;
    strip(*inner, names);
    if (inner->empty()) object.remove(member);
}

/// The top level and entries of perMachine have the same fields.
void strip_fields(Object& object, const Allowed& allowed) {
    strip(object, allowed.fields);
    strip_member(object, "blobManifest", allowed.blobs);
}

/// Nothing but the rules where it applies, or not even those.
bool says_nothing(const Object& entry) {
    static const Names rules = {"matchMachineId", "matchNotMachineId", "matchHostname",
                                "matchNotHostname"};
    return std::all_of(entry.begin(), entry.end(), [](const Object::Member& member) {
        return std::find(rules.begin(), rules.end(), member.first) != rules.end();
    });
}

void strip_machines(Object& document, const Allowed& allowed, const Machine& machine) {
    Value* const section = document.find("perMachine");
    Array* const entries = section != nullptr ? section->array() : nullptr;
    if (entries == nullptr) return;
    Array left;
    for (Value& value : *entries) {
        Object* const entry = value.object();
        const bool applies = entry != nullptr && applies_to(*entry, machine);
        if (applies) strip_fields(*entry, allowed);
        if (!applies || !says_nothing(*entry)) left.push_back(std::move(value));
    }
    if (left.empty())
        document.remove("perMachine");
    else
        *entries = std::move(left);
}

/// What is left when everything is gone that users may change.
std::string fixed_part(const UserRecord& record, const Allowed& allowed, const Machine& machine) {
    UserRecord copy = record.with_sections(Sections::signed_part);
    Object& document = copy.json();
    strip_fields(document, allowed);
    strip_member(document, "privileged", allowed.privileged);
    strip_machines(document, allowed, machine);
    return to_canonical(document);
}

}  // namespace

bool changes_only_own_fields(const UserRecord& now, const UserRecord& update,
                             const Machine& machine) {
    const Allowed allowed = allowed_by(now, machine);
    return fixed_part(now, allowed, machine) == fixed_part(update, allowed, machine);
}

}  // namespace hearth::record
