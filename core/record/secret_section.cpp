// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/secret_section.hpp"

#include <hearth/host_secrets.h>

#include <string>

#include "core/record/json_cursor.hpp"
#include "core/record/json_gate.hpp"
#include "core/record/json_position.hpp"

namespace hearth::record {

namespace {

constexpr std::string_view kSection = "secret";
/// What one operation can be given (core/secret/codec.cpp).
constexpr std::size_t kMaxCount = 64;
constexpr std::size_t kMaxLength = 4096;

Error too_many() {
    return Error(Code::invalid_argument, "secrets-too-many",
                 "Too many or too long passwords were given.")
        .why("At most 64 of a kind, of 4096 bytes each, are accepted.");
}

/// Reads the section out of a text that has passed the gate.
class SectionReader {
  public:
    SectionReader(std::string_view text, Unknown unknown) : text_(text), unknown_(unknown) {}

    /// `cursor`: in front of the section. null is as good as none.
    Result<secret::Secrets> read(JsonCursor& cursor) {
        if (cursor.kind() == 'n') return cursor.skip(), secret::Secrets();
        if (cursor.kind() != '{') return bad(cursor, "It must be an object.");
        cursor.enter();
        secret::Secrets out;
        while (const auto name = cursor.next_member()) HEARTH_CHECK(member(*name, cursor, out));
        return out;
    }

  private:
    [[nodiscard]] Error bad(const JsonCursor& cursor, const std::string& why) const {
        return Error(Code::invalid_argument, "record-secret",
                     "The section \"secret\" of the user record is not valid.")
            .why(why + " " + json_position(text_, cursor.offset()));
    }

    Result<void> member(const std::string& name, JsonCursor& cursor, secret::Secrets& out) {
        if (name == "password") return texts(name, cursor, out.passwords);
        if (name == "tokenPin" || name == "pkcs11Pin") return texts(name, cursor, out.pins);
        if (name == "fido2UserPresencePermitted")
            return permission(name, cursor, HEARTH_PERMIT_USER_PRESENCE, out.permissions);
        if (name == "fido2UserVerificationPermitted")
            return permission(name, cursor, HEARTH_PERMIT_USER_VERIFICATION, out.permissions);
        if (name == "pkcs11ProtectedAuthenticationPathPermitted")
            return permission(name, cursor, HEARTH_PERMIT_PROTECTED_PATH, out.permissions);
        if (unknown_ == Unknown::refuse) return bad(cursor, "It has a member that nobody knows.");
        cursor.skip();
        return ok();
    }

    /// One text, a list of them, or null for none.
    Result<void> texts(const std::string& name, JsonCursor& cursor,
                       std::vector<secret::Secret>& out) {
        if (cursor.kind() == 'n') return cursor.skip(), ok();
        if (cursor.kind() == '"') return text(cursor, out);
        if (cursor.kind() != '[') return bad(cursor, name + " must be a text or a list of texts.");
        cursor.enter();
        while (cursor.next_element()) {
            if (cursor.kind() != '"') return bad(cursor, name + " must have nothing but texts.");
            HEARTH_CHECK(text(cursor, out));
        }
        return ok();
    }

    static Result<void> text(JsonCursor& cursor, std::vector<secret::Secret>& out) {
        HEARTH_TRY(taken, cursor.take_text());
        if (out.size() == kMaxCount || taken.size() > kMaxLength) return too_many();
        out.push_back(std::move(taken));
        return ok();
    }

    Result<void> permission(const std::string& name, JsonCursor& cursor, std::uint64_t which,
                            std::uint64_t& out) const {
        if (std::string_view("tfn").find(cursor.kind()) == std::string_view::npos)
            return bad(cursor, name + " must be true or false.");
        if (cursor.take_flag()) out |= which;
        return ok();
    }

    std::string_view text_;
    Unknown unknown_;
};

/// Puts the cursor in front of the member "secret" of the object. False: there is none.
bool find_section(JsonCursor& cursor) {
    cursor.enter();
    while (const auto name = cursor.next_member()) {
        if (*name == kSection) return true;
        cursor.skip();
    }
    return false;
}

/// The text with an empty section, so that what is said about the rest of it stays true.
std::string without_section(std::string_view json, std::string_view section) {
    const auto begin = static_cast<std::size_t>(section.data() - json.data());
    std::string rest;
    rest.reserve(json.size());
    rest += json.substr(0, begin);
    rest += "{}";
    rest += json.substr(begin + section.size());
    return rest;
}

}  // namespace

Result<secret::Secrets> parse_secret(std::string_view json, Unknown unknown) {
    HEARTH_CHECK(check_json_object(json));
    JsonCursor within(json);
    JsonCursor whole(json);
    return SectionReader(json, unknown).read(find_section(within) ? within : whole);
}

Result<SplitRecord> parse_record_with_secret(std::string_view json, Unknown unknown) {
    HEARTH_CHECK(check_json_object(json));
    JsonCursor cursor(json);
    if (!find_section(cursor)) {
        HEARTH_TRY(record, UserRecord::parse(json));
        return SplitRecord{std::move(record), {}};
    }
    JsonCursor behind = cursor;
    const std::string_view section = behind.skip();
    HEARTH_TRY(record, UserRecord::parse(without_section(json, section)));
    record.remove(kSection);
    HEARTH_TRY(secrets, SectionReader(json, unknown).read(cursor));
    return SplitRecord{std::move(record), std::move(secrets)};
}

}  // namespace hearth::record
