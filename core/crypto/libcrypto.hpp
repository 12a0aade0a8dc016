// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

namespace hearth::crypto {

/// What core calls of OpenSSL's libcrypto, each member named like the function it is.
///
/// Loaded when first needed: half of the operations verify nothing, and linking it (with what it
/// brings) makes every start of a program a millisecond longer, which is a tenth of a whole
/// operation.
struct Libcrypto {
#define HEARTH_LIBCRYPTO(function) decltype(&::function) function = nullptr
    HEARTH_LIBCRYPTO(BIO_free);
    HEARTH_LIBCRYPTO(BIO_new_fd);
    HEARTH_LIBCRYPTO(EVP_DecodeBlock);
    HEARTH_LIBCRYPTO(EVP_DigestSign);
    HEARTH_LIBCRYPTO(EVP_DigestSignInit);
    HEARTH_LIBCRYPTO(EVP_DigestVerify);
    HEARTH_LIBCRYPTO(EVP_DigestVerifyInit);
    HEARTH_LIBCRYPTO(EVP_EncodeBlock);
    HEARTH_LIBCRYPTO(EVP_MAC_CTX_free);
    HEARTH_LIBCRYPTO(EVP_MAC_CTX_new);
    HEARTH_LIBCRYPTO(EVP_MAC_fetch);
    HEARTH_LIBCRYPTO(EVP_MAC_final);
    HEARTH_LIBCRYPTO(EVP_MAC_free);
    HEARTH_LIBCRYPTO(EVP_MAC_init);
    HEARTH_LIBCRYPTO(EVP_MAC_update);
    HEARTH_LIBCRYPTO(EVP_MD_CTX_free);
    HEARTH_LIBCRYPTO(EVP_MD_CTX_new);
    HEARTH_LIBCRYPTO(EVP_PKEY_Q_keygen);
    HEARTH_LIBCRYPTO(EVP_PKEY_free);
    HEARTH_LIBCRYPTO(EVP_PKEY_get_raw_public_key);
    HEARTH_LIBCRYPTO(EVP_PKEY_new_raw_private_key);
    HEARTH_LIBCRYPTO(EVP_PKEY_new_raw_public_key);
    HEARTH_LIBCRYPTO(OPENSSL_init_crypto);
    HEARTH_LIBCRYPTO(OSSL_PARAM_construct_end);
    HEARTH_LIBCRYPTO(OSSL_PARAM_construct_size_t);
    HEARTH_LIBCRYPTO(PEM_write_bio_PUBKEY);
    HEARTH_LIBCRYPTO(PEM_write_bio_PrivateKey);
    HEARTH_LIBCRYPTO(SHA256);
#undef HEARTH_LIBCRYPTO
};

/// The library. A program whose library is missing ends with a message, just as if it had been
/// linked. Any thread.
const Libcrypto& libcrypto();

}  // namespace hearth::crypto
