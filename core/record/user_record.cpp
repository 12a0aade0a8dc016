// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/user_record.hpp"

#include "core/record/json.hpp"
#include "core/record/shape.hpp"

namespace hearth::record {

struct UserRecord::Body {
    Object document;
    std::string user_name;  ///< copies of what is asked for most
    std::string realm;

    explicit Body(Object owned) : document(std::move(owned)) { refresh(); }

    void refresh() {
        user_name = document.get("userName").text().value_or("");
        realm = document.get("realm").text().value_or("");
    }
    Object& machine_part(const char* section, std::string_view machine_id) {
        return part(part(document, section), machine_id);
    }
    static Object& part(Object& parent, std::string_view name) {
        Value* there = parent.find(name);
        if (!there || !there->object()) there = &parent.set(name, Object());
        return *there->object();
    }
};

namespace {

std::optional<Value> read(const Object& object, std::string_view field) {
    const Value* found = object.find(field);
    return found ? std::optional(*found) : std::nullopt;
}

std::optional<Value> read_machine(const Object& document, const char* section,
                                  std::string_view machine_id, std::string_view field) {
    const Object* all = document.get(section).object();
    const Object* mine = all ? all->get(machine_id).object() : nullptr;
    return mine ? read(*mine, field) : std::nullopt;
}

/// Removes a member, and the containers that this leaves empty.
void remove_machine(Object& document, const char* section, std::string_view machine_id,
                    std::string_view field) {
    Object* all = document.find_object(section);
    Object* mine = all ? all->find_object(machine_id) : nullptr;
    if (!mine) return;
    mine->remove(field);
    if (mine->empty()) all->remove(machine_id);
    if (all->empty()) document.remove(section);
}

bool is_signed_part(std::string_view name) {
    return overlap(section_of(name), Sections::signed_part);
}

}  // namespace

UserRecord::UserRecord(std::unique_ptr<Body> body) : body_(std::move(body)) {}
UserRecord::UserRecord(UserRecord&&) noexcept = default;
UserRecord& UserRecord::operator=(UserRecord&&) noexcept = default;
UserRecord::~UserRecord() = default;

Result<UserRecord> UserRecord::parse(std::string_view text) {
    HEARTH_TRY(document, parse_json_object(text));
    return from_json(std::move(document));
}

Result<UserRecord> UserRecord::from_json(Object document) {
    HEARTH_CHECK(check_shape(document));
    return UserRecord(std::make_unique<Body>(std::move(document)));
}

UserRecord UserRecord::clone() const {
    return UserRecord(std::make_unique<Body>(*body_));
}

UserRecord UserRecord::with_sections(Sections keep) const {
    Object::Members chosen;
    chosen.reserve(body_->document.size());
    for (const auto& member : body_->document)
        if (overlap(section_of(member.first), keep) || member.first == "userName")
            chosen.push_back(member);
    return UserRecord(std::make_unique<Body>(Object::from_members(std::move(chosen))));
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
    return body_->document.get("lastChangeUSec").number();
}

std::vector<std::string> UserRecord::hashed_passwords() const {
    const Object* section = body_->document.get("privileged").object();
    if (!section) return {};
    return section->get("hashedPassword").strings().value_or(std::vector<std::string>());
}

Sections UserRecord::sections() const {
    Sections found = Sections::none;
    for (const auto& member : body_->document) found = found | section_of(member.first);
    return found;
}

std::optional<Value> UserRecord::get(std::string_view field) const {
    return read(body_->document, field);
}

std::optional<Value> UserRecord::privileged(std::string_view field) const {
    const Object* section = body_->document.get("privileged").object();
    return section ? read(*section, field) : std::nullopt;
}

std::optional<Value> UserRecord::binding(std::string_view machine_id,
                                         std::string_view field) const {
    return read_machine(body_->document, "binding", machine_id, field);
}

std::optional<Value> UserRecord::status(std::string_view machine_id, std::string_view field) const {
    return read_machine(body_->document, "status", machine_id, field);
}

Result<void> UserRecord::set(std::string_view field, Value value) {
    HEARTH_CHECK(check_member_shape(field, value));
    body_->document.set(field, std::move(value));
    body_->refresh();
    return ok();
}

void UserRecord::remove(std::string_view field) {
    if (field == "userName") return;
    body_->document.remove(field);
    body_->refresh();
}

void UserRecord::set_privileged(std::string_view field, Value value) {
    Body::part(body_->document, "privileged").set(field, std::move(value));
}

void UserRecord::remove_privileged(std::string_view field) {
    Object* section = body_->document.find_object("privileged");
    if (!section) return;
    section->remove(field);
    if (section->empty()) body_->document.remove("privileged");
}

void UserRecord::set_binding(std::string_view machine_id, std::string_view field, Value value) {
    body_->machine_part("binding", machine_id).set(field, std::move(value));
}

void UserRecord::remove_binding(std::string_view machine_id, std::string_view field) {
    remove_machine(body_->document, "binding", machine_id, field);
}

void UserRecord::take_binding_of(const UserRecord& other) {
    const Value* theirs = other.body_->document.find("binding");
    if (theirs)
        body_->document.set("binding", *theirs);
    else
        body_->document.remove("binding");
}

void UserRecord::set_status(std::string_view machine_id, std::string_view field, Value value) {
    body_->machine_part("status", machine_id).set(field, std::move(value));
}

void UserRecord::remove_status(std::string_view machine_id, std::string_view field) {
    remove_machine(body_->document, "status", machine_id, field);
}

void UserRecord::remove_sections(Sections drop) {
    body_->document.remove_if([drop](const std::string& name) {
        return overlap(section_of(name), drop) && name != "userName";
    });
    body_->refresh();
}

std::string UserRecord::canonical() const {
    return to_canonical(body_->document);
}

std::string UserRecord::pretty() const {
    std::string text = to_pretty(body_->document);
    // White space must not push a record over the limit that its reader has.
    return text.size() <= JsonLimits().bytes ? text : canonical() + "\n";
}

std::string UserRecord::signable() const {
    return to_canonical_if(body_->document, is_signed_part);
}

const Object& UserRecord::json() const {
    return body_->document;
}
Object& UserRecord::json() {
    return body_->document;
}

}  // namespace hearth::record
