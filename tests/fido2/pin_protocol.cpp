// SPDX-License-Identifier: LGPL-2.1-or-later
#include "pin_protocol.hpp"

#include <algorithm>
#include <stdexcept>

namespace hearth::fido2::test {

namespace {
constexpr std::size_t kBlock = 16;
}

PinProtocol::PinProtocol(int version, View shared_x) : version_(version) {
    if (version == 1) {
        cipher_key_ = code_key_ = sha256(shared_x);
        return;
    }
    if (version != 2) throw std::runtime_error("no such protocol");
    cipher_key_ = hkdf(shared_x, "CTAP2 AES key");
    code_key_ = hkdf(shared_x, "CTAP2 HMAC key");
}

Bytes PinProtocol::encrypt(View plain) const {
    if (version_ == 1) return aes(cipher_key_, Bytes(kBlock), plain, true);
    Bytes out = random_bytes(kBlock);
    const Bytes hidden = aes(cipher_key_, out, plain, true);
    out.insert(out.end(), hidden.begin(), hidden.end());
    return out;
}

Bytes PinProtocol::decrypt(View hidden) const {
    if (version_ == 1) return aes(cipher_key_, Bytes(kBlock), hidden, false);
    if (hidden.size() < kBlock) throw std::runtime_error("too short");
    return aes(cipher_key_, hidden.first(kBlock), hidden.subspan(kBlock), false);
}

bool PinProtocol::is_authentic(View data, View code) const {
    return is_authentic(version_, code_key_, data, code);
}

bool PinProtocol::is_authentic(int version, View key, View data, View code) {
    Bytes wanted = hmac_sha256(key, data);
    if (version == 1) wanted.resize(kBlock);
    return std::equal(wanted.begin(), wanted.end(), code.begin(), code.end());
}

}  // namespace hearth::fido2::test
