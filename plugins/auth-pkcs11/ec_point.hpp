// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "plugins/shared/base64.hpp"

// Points on curves as SEC 1 writes them: 04 X Y, or for short 02 X and 03 X.

namespace hearth::pkcs11 {

using shared::Bytes;

/// A curve that tokens have.
struct Curve {
    const char* name;  // as OpenSSL calls it
    std::size_t size;  // bytes of a coordinate
};

/// The curve that a point in its long form has the right size for, or nullptr.
const Curve* curve_of_point(std::span<const std::uint8_t> point);

/// The curve of CKA_EC_PARAMS: the DER of its name. nullptr: another, or damaged.
const Curve* curve_of_params(std::span<const std::uint8_t> der);

/// The point in CKA_EC_POINT, which tokens give as an OCTET STRING or bare. Nothing: it is none in
/// its long form.
std::optional<Bytes> point_of(std::span<const std::uint8_t> attribute, const Curve& curve);

/// Its short form.
Bytes compressed(std::span<const std::uint8_t> point);

}  // namespace hearth::pkcs11
