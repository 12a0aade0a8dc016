// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/record/json.hpp"
#include "core/record/json_gate.hpp"
#include "core/record/value.hpp"

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

/// What the gate lets in must come out in one form only, and that form must read back as itself.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace hearth::record;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto object = parse_json_object(text);
    require(object.has_value() == check_json_object(text).has_value());
    require(hearth::record::Value::parse(text).has_value() == check_json(text).has_value());
    if (!object) {
        require(!object.error().id().empty());
        return 0;
    }
    const auto canonical = to_canonical(*object);
    const auto again = parse_json_object(canonical, {SIZE_MAX, 128, 65536});
    require(again.has_value());
    require(to_canonical(*again) == canonical);
    const auto from_pretty = parse_json_object(to_pretty(*object), {SIZE_MAX, 128, 65536});
    require(from_pretty.has_value());
    require(to_canonical(*from_pretty) == canonical);
    require(to_canonical(hearth::record::Object(*object)) == canonical);
    return 0;
}
