// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ec_point.hpp"

#include <openssl/asn1.h>
#include <openssl/objects.h>

#include <algorithm>
#include <array>
#include <memory>

namespace hearth::pkcs11 {

namespace {

struct NamedCurve {
    int nid;
    Curve curve;
};
constexpr std::array kCurves = {NamedCurve{NID_X9_62_prime256v1, {"P-256", 32}},
                                NamedCurve{NID_secp384r1, {"P-384", 48}},
                                NamedCurve{NID_secp521r1, {"P-521", 66}}};
constexpr std::uint8_t kLongForm = 4;
constexpr std::uint8_t kShortForm = 2;

std::size_t long_size(const Curve& curve) {
    return 1 + 2 * curve.size;
}

bool is_point(std::span<const std::uint8_t> bytes, const Curve& curve) {
    return bytes.size() == long_size(curve) && bytes[0] == kLongForm;
}

Bytes to_bytes(std::span<const std::uint8_t> bytes) {
    return {bytes.begin(), bytes.end()};
}

}  // namespace

const Curve* curve_of_point(std::span<const std::uint8_t> point) {
    for (const auto& one : kCurves)
        if (is_point(point, one.curve)) return &one.curve;
    return nullptr;
}

const Curve* curve_of_params(std::span<const std::uint8_t> der) {
    const unsigned char* at = der.data();
    const std::unique_ptr<ASN1_OBJECT, void (*)(ASN1_OBJECT*)> object(
        d2i_ASN1_OBJECT(nullptr, &at, static_cast<long>(der.size())), &ASN1_OBJECT_free);
    if (!object || at != der.data() + der.size()) return nullptr;
    const int nid = OBJ_obj2nid(object.get());
    for (const auto& one : kCurves)
        if (one.nid == nid) return &one.curve;
    return nullptr;
}

std::optional<Bytes> point_of(std::span<const std::uint8_t> attribute, const Curve& curve) {
    if (is_point(attribute, curve)) return to_bytes(attribute);
    const unsigned char* at = attribute.data();
    const std::unique_ptr<ASN1_OCTET_STRING, void (*)(ASN1_OCTET_STRING*)> string(
        d2i_ASN1_OCTET_STRING(nullptr, &at, static_cast<long>(attribute.size())),
        &ASN1_OCTET_STRING_free);
    if (!string || at != attribute.data() + attribute.size()) return std::nullopt;
    const std::span inside(ASN1_STRING_get0_data(string.get()),
                           static_cast<std::size_t>(ASN1_STRING_length(string.get())));
    if (!is_point(inside, curve)) return std::nullopt;
    return to_bytes(inside);
}

Bytes compressed(std::span<const std::uint8_t> point) {
    Bytes out = to_bytes(point.first((point.size() + 1) / 2));
    out[0] = static_cast<std::uint8_t>(kShortForm | (point.back() & 1U));
    return out;
}

}  // namespace hearth::pkcs11
