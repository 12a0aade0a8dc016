// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/shared/base64.hpp"

#include <openssl/evp.h>

namespace hearth::shared {

std::string to_base64(std::span<const std::uint8_t> bytes) {
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes.data(),
                                     static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

std::optional<Bytes> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    Bytes out(text.size() / 4 * 3);
    const int size =
        EVP_DecodeBlock(out.data(), reinterpret_cast<const unsigned char*>(text.data()),
                        static_cast<int>(text.size()));
    if (size < 0) return std::nullopt;
    // What stands for the padding is decoded as well.
    std::size_t padding = 0;
    while (padding < 2 && text.size() > padding && text[text.size() - 1 - padding] == '=')
        ++padding;
    if (static_cast<std::size_t>(size) < padding) return std::nullopt;
    out.resize(static_cast<std::size_t>(size) - padding);
    // The library overlooks spaces and stray bits: two texts must not mean the same.
    if (to_base64(out) != text) return std::nullopt;
    return out;
}

}  // namespace hearth::shared
