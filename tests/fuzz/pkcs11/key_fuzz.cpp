// SPDX-License-Identifier: LGPL-2.1-or-later
// What tokens say of their public keys. The first byte chooses how it is read; what is accepted can
// be used.
#include <cstdint>
#include <cstdlib>
#include <span>

#include "plugins/auth-pkcs11/public_key.hpp"

namespace {

using namespace hearth::pkcs11;
using Text = std::span<const std::uint8_t>;

void look_at_key(const hearth::sdk::Result<PublicKey>& key) {
    if (!key) return;
    const std::size_t size = key->size();
    if (key->kind() == KeyKind::rsa ? size < 256 || size > 2048 : size < 32 || size > 66)
        std::abort();
    if (!key->is_same(*key)) std::abort();
}

void look_at_point(const Curve& curve, Text text) {
    const auto point = point_of(text, curve);
    if (!point) return;
    if (curve_of_point(*point) != &curve || compressed(*point).size() != curve.size + 1)
        std::abort();
    look_at_key(PublicKey::of_point(curve, *point));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const Text text(data + 1, size - 1);
    switch (data[0] % 3) {
        case 0:
            look_at_key(PublicKey::of_certificate(text));
            break;
        case 1:
            if (text.size() > 3) look_at_key(PublicKey::of_rsa(text.subspan(3), text.first(3)));
            break;
        default:
            // The name of a curve in front, in 7 or 10 bytes.
            for (const std::size_t name : {7U, 10U})
                if (text.size() > name)
                    if (const Curve* curve = curve_of_params(text.first(name)))
                        look_at_point(*curve, text.subspan(name));
            break;
    }
    return 0;
}
