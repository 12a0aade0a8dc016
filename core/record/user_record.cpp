// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/user_record.hpp"

#include "core/record/json.hpp"
#include "core/record/poco_value.hpp"
#include "core/record/shape.hpp"

namespace hearth::record {

using Poco::JSON::Object;

struct UserRecord::Body {
    Object::Ptr document;
    std::string user_name;  ///< copies of what is asked for most
    std::string realm;

    explicit Body(Object::Ptr owned) : document(std::move(owned)) { refresh(); }

    void refresh() {
        user_name = document->get("userName").extract<std::string>();
        const auto realm_var = document->get("realm");
        realm = realm_var.type() == typeid(std::string) ? realm_var.extract<std::string>()
                                                        : std::string();
    }
    Object& machine_part(const char* section, std::string_view machine_id) {
        return part(part(*document, section), std::string(machine_id));
    }
    static Object& part(Object& parent, const std::string& name) {
        if (parent.getObject(name).isNull()) parent.set(name, Object::Ptr(new Object));
        return *parent.getObject(name);
    }
};

namespace {

std::optional<Value> read(const Object& object, std::string_view field) {
    const std::string name(field);
    if (!object.has(name)) return {};
    return ValueBridge::from_var(object.get(name));
}

std::optional<Value> read_machine(const Object& document, const char* section,
                                  std::string_view machine_id, std::string_view field) {
    const auto all = document.getObject(section);
    if (all.isNull()) return {};
    const auto mine = all->getObject(std::string(machine_id));
    if (mine.isNull()) return {};
    return read(*mine, field);
}

/// Removes a member, and the containers that this leaves empty.
void remove_machine(Object& document, const char* section, std::string_view machine_id,
                    std::string_view field) {
    auto all = document.getObject(section);
    if (all.isNull()) return;
    auto mine = all->getObject(std::string(machine_id));
    if (mine.isNull()) return;
    mine->remove(std::string(field));
    if (mine->size() == 0) all->remove(std::string(machine_id));
    if (all->size() == 0) document.remove(section);
}

bool is_signed_part(const std::string& name) {
    return overlap(section_of(name), Sections::signed_part);
}

}  // namespace

UserRecord::UserRecord(std::unique_ptr<Body> body) : body_(std::move(body)) {}
UserRecord::UserRecord(UserRecord&&) noexcept = default;
UserRecord& UserRecord::operator=(UserRecord&&) noexcept = default;
UserRecord::~UserRecord() = default;

Result<UserRecord> UserRecord::parse(std::string_view text) {
    HEARTH_TRY(document, parse_json_object(text));
    HEARTH_CHECK(check_shape(*document));
    return UserRecord(std::make_unique<Body>(std::move(document)));
}

Result<UserRecord> UserRecord::from_json(const Object& document) {
    HEARTH_CHECK(check_shape(document));
    return UserRecord(std::make_unique<Body>(deep_copy(document)));
}

UserRecord UserRecord::clone() const {
    return UserRecord(std::make_unique<Body>(deep_copy(*body_->document)));
}

UserRecord UserRecord::with_sections(Sections keep) const {
    Object::Ptr chosen = new Object;
    for (const auto& [name, member] : *body_->document)
        if (overlap(section_of(name), keep) || name == "userName")
            chosen->set(name, deep_copy(member));
    return UserRecord(std::make_unique<Body>(std::move(chosen)));
}

const std::string& UserRecord::user_name() const {
    return body_->user_name;
}
const std::string& UserRecord::realm() const {
    return body_->realm;
}

std::string UserRecord::identity() const {
    return body_->realm.empty() ? body_->user_name : body_->user_name + "@" + body_->realm;
}

std::optional<std::uint64_t> UserRecord::last_change_usec() const {
    const auto value = get("lastChangeUSec");
    return value ? value->number() : std::nullopt;
}

std::vector<std::string> UserRecord::hashed_passwords() const {
    const auto value = privileged("hashedPassword");
    return value ? value->strings().value_or(std::vector<std::string>())
                 : std::vector<std::string>();
}

Sections UserRecord::sections() const {
    Sections found = Sections::none;
    for (const auto& member : *body_->document) found = found | section_of(member.first);
    return found;
}

std::optional<Value> UserRecord::get(std::string_view field) const {
    return read(*body_->document, field);
}

std::optional<Value> UserRecord::privileged(std::string_view field) const {
    const auto section = body_->document->getObject("privileged");
    return section.isNull() ? std::nullopt : read(*section, field);
}

std::optional<Value> UserRecord::binding(std::string_view machine_id,
                                         std::string_view field) const {
    return read_machine(*body_->document, "binding", machine_id, field);
}

std::optional<Value> UserRecord::status(std::string_view machine_id, std::string_view field) const {
    return read_machine(*body_->document, "status", machine_id, field);
}

Result<void> UserRecord::set(std::string_view field, const Value& value) {
    const auto var = ValueBridge::to_var(value);
    HEARTH_CHECK(check_member_shape(std::string(field), var));
    body_->document->set(std::string(field), var);
    body_->refresh();
    return ok();
}

void UserRecord::remove(std::string_view field) {
    if (field == "userName") return;
    body_->document->remove(std::string(field));
    body_->refresh();
}

void UserRecord::set_privileged(std::string_view field, const Value& value) {
    Body::part(*body_->document, "privileged").set(std::string(field), ValueBridge::to_var(value));
}

void UserRecord::remove_privileged(std::string_view field) {
    auto section = body_->document->getObject("privileged");
    if (section.isNull()) return;
    section->remove(std::string(field));
    if (section->size() == 0) body_->document->remove("privileged");
}

void UserRecord::set_binding(std::string_view machine_id, std::string_view field,
                             const Value& value) {
    body_->machine_part("binding", machine_id).set(std::string(field), ValueBridge::to_var(value));
}

void UserRecord::remove_binding(std::string_view machine_id, std::string_view field) {
    remove_machine(*body_->document, "binding", machine_id, field);
}

void UserRecord::take_binding_of(const UserRecord& other) {
    const auto theirs = other.body_->document->getObject("binding");
    if (theirs.isNull())
        body_->document->remove("binding");
    else
        body_->document->set("binding", deep_copy(*theirs));
}

void UserRecord::set_status(std::string_view machine_id, std::string_view field,
                            const Value& value) {
    body_->machine_part("status", machine_id).set(std::string(field), ValueBridge::to_var(value));
}

void UserRecord::remove_status(std::string_view machine_id, std::string_view field) {
    remove_machine(*body_->document, "status", machine_id, field);
}

void UserRecord::remove_sections(Sections drop) {
    for (const auto& name : body_->document->getNames())
        if (overlap(section_of(name), drop) && name != "userName") body_->document->remove(name);
    body_->refresh();
}

std::string UserRecord::canonical() const {
    return to_canonical(*body_->document);
}

std::string UserRecord::pretty() const {
    std::string text = to_pretty(*body_->document);
    // White space must not push a record over the limit that its reader has.
    return text.size() <= JsonLimits().bytes ? text : canonical() + "\n";
}

std::string UserRecord::signable() const {
    return to_canonical_if(*body_->document, is_signed_part);
}

const Object& UserRecord::json() const {
    return *body_->document;
}
Object& UserRecord::json() {
    return *body_->document;
}

}  // namespace hearth::record
