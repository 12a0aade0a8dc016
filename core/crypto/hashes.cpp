// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/crypto/hashes.hpp"

#include <sodium.h>

#include "core/crypto/sodium.hpp"

namespace hearth::crypto {

namespace {

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

Sha256 sha256(std::string_view bytes) {
    ready();
    Sha256 out{};
    ::crypto_hash_sha256(out.data(), bytes_of(bytes), bytes.size());
    return out;
}

std::uint64_t siphash24(std::string_view bytes, const SipKey& key) {
    ready();
    std::array<unsigned char, crypto_shorthash_siphash24_BYTES> hash{};
    ::crypto_shorthash_siphash24(hash.data(), bytes_of(bytes), bytes.size(), key.data());
    std::uint64_t out = 0;
    for (std::size_t i = hash.size(); i > 0; --i) out = out << 8U | hash[i - 1];
    return out;
}

}  // namespace hearth::crypto
