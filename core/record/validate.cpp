// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/validate.hpp"

#include <string>

#include "core/record/field_check.hpp"
#include "core/record/names.hpp"
#include "core/record/shape.hpp"
#include "core/record/text_check.hpp"

namespace hearth::record {

namespace {

Error bad_field(const std::string& path, std::string why) {
    return Error(Code::invalid_argument, "record-field",
                 "The field " + path + " of the user record is not valid.")
        .why(std::move(why));
}

class Validator {
  public:
    explicit Validator(Unknown unknown) : unknown_(unknown) {}

    Result<void> document(const Object& document) {
        for (const auto& [name, value] : document) {
            const Sections section = section_of(name);
            if (section == Sections::regular)
                HEARTH_CHECK(member(name, name, value, Sections::regular));
            else
                HEARTH_CHECK(whole_section(section, name, value));
        }
        return ok();
    }

  private:
    Result<void> whole_section(Sections section, const std::string& name, const Value& value) {
        if (section == Sections::signature) return ok();
        if (section == Sections::binding || section == Sections::status)
            return machines(*value.object(), name, section);
        if (section == Sections::per_machine) return entries(*value.array(), name);
        return members(*value.object(), name, section);
    }

    Result<void> machines(const Object& machines, const std::string& path, Sections section) {
        for (const auto& [id, part] : machines)
            HEARTH_CHECK(members(*part.object(), path + "." + id, section));
        return ok();
    }

    Result<void> entries(const Array& entries, const std::string& path) {
        std::size_t index = 0;
        for (const auto& entry : entries) {
            const std::string here = path + "[" + std::to_string(index++) + "]";
            HEARTH_CHECK(members(*entry.object(), here, Sections::per_machine));
        }
        return ok();
    }

    Result<void> members(const Object& object, const std::string& path, Sections section) {
        for (const auto& [name, value] : object)
            HEARTH_CHECK(member(path + "." + name, name, value, section));
        return ok();
    }

    Result<void> member(const std::string& path, const std::string& name, const Value& value,
                        Sections section) {
        const Field* field = find_field(name);
        if (!field || !overlap(field->sections, section)) {
            if (unknown_ == Unknown::keep || section == Sections::regular) return ok();
            return bad_field(path, "There is no such field in this section.");
        }
        // The name ends up in paths, so its errors say more than "not a user name".
        if (field->type == FieldType::user_name) return check_relaxed_user_name(*value.string());
        if (auto why = misfit(*field, value)) return bad_field(path, *std::move(why));
        return ok();
    }

    Unknown unknown_;
};

/// A null counts as missing.
std::optional<Value> given(const UserRecord& record, const char* field) {
    auto value = record.get(field);
    return value && !value->is_null() ? value : std::nullopt;
}

Result<void> check_managed_fields(const UserRecord& record) {
    if (const auto service = given(record, "service");
        service && service->text() != "io.systemd.Home")
        return bad_field("service", "Another service manages this user.");
    const auto uid = given(record, "uid");
    const auto gid = given(record, "gid");
    if (uid && gid && uid->number() != gid->number())
        return bad_field("gid", "It must equal the user id.");
    if (const auto storage = given(record, "storage"); storage && storage->text() == "classic")
        return bad_field("storage", "A classic home is not managed.");
    if (const auto kind = given(record, "disposition"); kind && kind->text() != "regular")
        return bad_field("disposition", "Only regular users have a managed home.");
    return ok();
}

}  // namespace

Result<void> validate(const UserRecord& record, Unknown unknown) {
    return Validator(unknown).document(record.json());
}

Result<void> validate_managed(const UserRecord& record, Unknown unknown) {
    HEARTH_CHECK(check_managed_user_name(record.user_name()));
    HEARTH_CHECK(validate(record, unknown));
    return check_managed_fields(record);
}

}  // namespace hearth::record
