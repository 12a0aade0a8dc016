// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <openssl/evp.h>
#include <p11-kit/p11-kit.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "plugins/shared/base64.hpp"

namespace hearth::pkcs11::test {

using shared::Bytes;

using Key = std::shared_ptr<EVP_PKEY>;

/// Made once per process and kind: "RSA", "RSA-1024", "ED25519", or a curve.
Key key_of(const std::string& kind, int which = 0);

/// Something on a token: its attributes, and what it computes with.
struct Object {
    std::map<CK_ATTRIBUTE_TYPE, Bytes> attributes;
    Key key;

    void set(CK_ATTRIBUTE_TYPE type, CK_ULONG value);
    void set_flag(CK_ATTRIBUTE_TYPE type, bool value);
};

/// A token that is made up. It does what tokens do, unless a test wants another answer.
struct FakeToken {
    explicit FakeToken(const std::string& label);
    /// The three objects of a key. `id` is their CKA_ID.
    void add_private(const Key& key, const std::string& id);
    void add_public(const Key& key, const std::string& id);
    void add_certificate(const Key& key, const std::string& id);
    void add(const Key& key, const std::string& id = "one");

    [[nodiscard]] bool has_login() const { return (info.flags & CKF_LOGIN_REQUIRED) != 0; }

    CK_TOKEN_INFO info{};
    std::vector<Object> objects;
    std::vector<CK_MECHANISM_TYPE> mechanisms{CKM_RSA_PKCS, CKM_RSA_PKCS_OAEP, CKM_ECDH1_DERIVE};
    std::string pin = "1234";
    int tries = 10;                      // left; at 0 it locks
    std::vector<std::string> pins_seen;  // typed at the token: "(there)"
    bool knows_sha256 = true;
    bool takes_short_points_only = false;
    bool drops_zeros = false;  // in front of a secret
    bool is_lost_after_login = false;
    /// Answers instead of what the token would do, by the name of the function.
    std::map<std::string, CK_RV> answers;
    int sessions = 0;
    bool is_logged_in = false;
};

Bytes to_bytes(const std::string& text);

}  // namespace hearth::pkcs11::test
