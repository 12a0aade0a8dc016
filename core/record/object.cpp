// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/object.hpp"

#include <algorithm>
#include <type_traits>

#include "core/record/value.hpp"

namespace hearth::record {

// A growing list of members would copy them otherwise.
static_assert(std::is_nothrow_move_constructible_v<Object::Member>);

namespace {

/// The place of a name, also if it is not there. Texts compare as unsigned bytes.
template <typename Members>
auto place_of(Members& members, std::string_view name) {
    return std::lower_bound(
        members.begin(), members.end(), name,
        [](const auto& member, std::string_view wanted) { return member.first < wanted; });
}

}  // namespace

Object Object::from_members(Members members) {
    const auto before = [](const Member& a, const Member& b) { return a.first < b.first; };
    // What was printed by a signer comes in order.
    if (!std::is_sorted(members.begin(), members.end(), before))
        std::sort(members.begin(), members.end(), before);
    Object object;
    object.members_ = std::move(members);
    return object;
}

bool Object::empty() const {
    return members_.empty();
}

std::size_t Object::size() const {
    return members_.size();
}

const Value* Object::find(std::string_view name) const {
    const auto place = place_of(members_, name);
    return place != members_.end() && place->first == name ? &place->second : nullptr;
}

Value* Object::find(std::string_view name) {
    return const_cast<Value*>(std::as_const(*this).find(name));
}

const Value& Object::get(std::string_view name) const {
    static const Value nothing;
    const Value* found = find(name);
    return found ? *found : nothing;
}

Object* Object::find_object(std::string_view name) {
    Value* found = find(name);
    return found ? found->object() : nullptr;
}

Value& Object::set(std::string_view name, Value value) {
    auto place = place_of(members_, name);
    if (place == members_.end() || place->first != name)
        place = members_.emplace(place, name, Value());
    return place->second = std::move(value);
}

void Object::remove(std::string_view name) {
    const auto place = place_of(members_, name);
    if (place != members_.end() && place->first == name) members_.erase(place);
}

Object::Members::const_iterator Object::begin() const {
    return members_.begin();
}

Object::Members::const_iterator Object::end() const {
    return members_.end();
}

bool Object::operator==(const Object& other) const {
    return members_ == other.members_;
}

}  // namespace hearth::record
