// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/record/secret_section.hpp"

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

/// The section as the other parser of JSON reads it.
const hearth::record::Object* section_of(const hearth::record::UserRecord& record) {
    return record.json().get("secret").object();
}

}  // namespace

/// Both parsers of JSON read the same out of a record: one keeps secrets out of ordinary memory,
/// the other does not.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace hearth::record;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    static_cast<void>(parse_secret(text).has_value());
    static_cast<void>(parse_secret(text, Unknown::refuse).has_value());
    const auto split = parse_record_with_secret(text);
    const auto whole = UserRecord::parse(text);
    if (!split) return 0;
    require(!split->record.get("secret").has_value());
    if (!whole) return 0;  // the section may be null, which a record does not allow
    auto rest = whole->clone();
    rest.remove("secret");
    require(rest.canonical() == split->record.canonical());
    const auto* section = section_of(*whole);
    const auto passwords = section ? section->get("password").strings() : std::nullopt;
    require(split->secrets.passwords.size() == (passwords ? passwords->size() : 0));
    for (std::size_t i = 0; i < split->secrets.passwords.size(); ++i)
        require(split->secrets.passwords[i].view() == (*passwords)[i]);
    return 0;
}
