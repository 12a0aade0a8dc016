// SPDX-License-Identifier: LGPL-2.1-or-later
#include "slot_owners.hpp"

#include <algorithm>

#include "plugins/shared/json_text.hpp"

namespace hearth::luks {

namespace {

using shared::Json;

constexpr std::size_t kBytes = 8;
constexpr const char* kOwners = "owners";

bool is_hex(std::string_view text) {
    return text.size() == 2 * kBytes &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

std::string owner_of(const hearth_credential& credential) {
    std::string out;
    for (std::size_t i = 0; i < kBytes; ++i) {
        out += "0123456789abcdef"[credential.id[i] >> 4U];
        out += "0123456789abcdef"[credential.id[i] & 15U];
    }
    return out;
}

const KeySlot* slot_of(const hearth_credential& credential, const std::vector<KeySlot>& there,
                       const SlotOwners& owners) {
    const std::string owner = owner_of(credential);
    const auto found = std::find_if(there.begin(), there.end(), [&](const KeySlot& slot) {
        const auto said = owners.find(slot.mark);
        return said != owners.end() && said->second == owner;
    });
    return found == there.end() ? nullptr : &*found;
}

std::string to_json(const SlotOwners& owners, const std::vector<KeySlot>& there) {
    json_object* list = json_object_new_object();
    for (const KeySlot& slot : there)
        if (const auto said = owners.find(slot.mark); said != owners.end())
            json_object_object_add(list, slot.mark.c_str(),
                                   json_object_new_string(said->second.c_str()));
    const Json token(json_object_new_object());
    json_object_object_add(token.get(), "type", json_object_new_string(kOwnersType));
    json_object_object_add(token.get(), "keyslots", json_object_new_array());
    json_object_object_add(token.get(), kOwners, list);
    return json_object_to_json_string_ext(token.get(), JSON_C_TO_STRING_PLAIN);
}

SlotOwners parse_owners(std::string_view json) {
    SlotOwners out;
    const Json token = shared::parse_object(json);
    json_object* list = shared::member(token.get(), kOwners);
    if (!json_object_is_type(list, json_type_object)) return out;
    json_object_object_foreach(list, mark, value) {
        const bool is_text = json_object_is_type(value, json_type_string);
        if (is_text && is_hex(mark) && is_hex(json_object_get_string(value)))
            out[mark] = json_object_get_string(value);
    }
    return out;
}

SlotOwners owners_in(const LuksVolume& volume) {
    const auto json = volume.token(kOwnersType);
    return json ? parse_owners(*json) : SlotOwners();
}

}  // namespace hearth::luks
