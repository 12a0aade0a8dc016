// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/secret/base64.hpp"

#include <sodium.h>

namespace hearth::secret {

Result<Secret> to_base64(const Secret& raw) {
    if (raw.empty()) return Secret();
    constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL;
    // It also writes the NUL, for which a secret has room behind its last byte.
    const std::size_t size = sodium_base64_ENCODED_LEN(raw.size(), kVariant);
    HEARTH_TRY(text, Secret::with_size(size - 1));
    ::sodium_bin2base64(reinterpret_cast<char*>(text.expose().data()), size,
                        reinterpret_cast<const unsigned char*>(raw.expose().data()), raw.size(),
                        kVariant);
    return text;
}

}  // namespace hearth::secret
