// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/base64.hpp"

#include <algorithm>

#include "core/crypto/libcrypto.hpp"

namespace hearth::record {

namespace {

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

}  // namespace

bool is_base64_digit(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
}

std::string to_base64(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL also writes a NUL
    crypto::libcrypto().EVP_EncodeBlock(bytes_of(text), bytes_of(bytes),
                                        static_cast<int>(bytes.size()));
    text.pop_back();
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    const std::string_view digits = text.substr(0, text.size() - padding);
    // OpenSSL would skip white space around the text.
    if (text.size() % 4 != 0 || !std::all_of(digits.begin(), digits.end(), is_base64_digit))
        return {};
    std::string bytes(text.size() / 4 * 3, '\0');
    if (crypto::libcrypto().EVP_DecodeBlock(bytes_of(bytes), bytes_of(text),
                                            static_cast<int>(text.size())) < 0)
        return {};
    bytes.resize(bytes.size() - padding);
    if (to_base64(bytes) != text) return {};
    return bytes;
}

}  // namespace hearth::record
