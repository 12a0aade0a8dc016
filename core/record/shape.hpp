// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>

#include "core/base/result.hpp"
#include "core/record/sections.hpp"
#include "core/record/value.hpp"

// Private to core/record: what must be true of a document before it may be called a user record.

namespace hearth::record {

/// Which section a top-level member belongs to.
Sections section_of(std::string_view name);

/// userName is a text, and each section is built as its readers expect: an object, an object of
/// objects per machine id, or an array of objects.
Result<void> check_shape(const Object& document);

/// The same for one top-level member.
Result<void> check_member_shape(std::string_view name, const Value& value);

}  // namespace hearth::record
