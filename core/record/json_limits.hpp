// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>

namespace hearth::record {

/// How much JSON text from outside may ask for.
struct JsonLimits {
    std::size_t bytes = std::size_t{1} << 20;
    std::size_t depth = 128;       ///< objects and arrays inside each other
    std::size_t elements = 65536;  ///< values of every kind, in total
};

}  // namespace hearth::record
