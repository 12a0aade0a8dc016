// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/crypto/libcrypto.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>

namespace hearth::crypto {

namespace {

constexpr const char* kFile = "libcrypto.so.3";
constexpr int kCannotRun = 127;  // what the dynamic linker itself ends with

[[noreturn]] void cannot_run() {
    std::fprintf(stderr, "hearth: %s cannot be used: %s\n", kFile, ::dlerror());
    ::_exit(kCannotRun);
}

template <typename Function>
void find(void* library, const char* name, Function& function) {
    function = reinterpret_cast<Function>(::dlsym(library, name));
    if (function == nullptr) cannot_run();
}

Libcrypto load() {
    void* library = ::dlopen(kFile, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
    if (library == nullptr) cannot_run();
    Libcrypto out;
#define HEARTH_FIND(function) find(library, #function, out.function)
    HEARTH_FIND(BIO_free);
    HEARTH_FIND(BIO_new_fd);
    HEARTH_FIND(EVP_DecodeBlock);
    HEARTH_FIND(EVP_DigestSign);
    HEARTH_FIND(EVP_DigestSignInit);
    HEARTH_FIND(EVP_DigestVerify);
    HEARTH_FIND(EVP_DigestVerifyInit);
    HEARTH_FIND(EVP_EncodeBlock);
    HEARTH_FIND(EVP_MAC_CTX_free);
    HEARTH_FIND(EVP_MAC_CTX_new);
    HEARTH_FIND(EVP_MAC_fetch);
    HEARTH_FIND(EVP_MAC_final);
    HEARTH_FIND(EVP_MAC_free);
    HEARTH_FIND(EVP_MAC_init);
    HEARTH_FIND(EVP_MAC_update);
    HEARTH_FIND(EVP_MD_CTX_free);
    HEARTH_FIND(EVP_MD_CTX_new);
    HEARTH_FIND(EVP_PKEY_Q_keygen);
    HEARTH_FIND(EVP_PKEY_free);
    HEARTH_FIND(EVP_PKEY_get_raw_public_key);
    HEARTH_FIND(EVP_PKEY_new_raw_private_key);
    HEARTH_FIND(EVP_PKEY_new_raw_public_key);
    HEARTH_FIND(OPENSSL_init_crypto);
    HEARTH_FIND(OSSL_PARAM_construct_end);
    HEARTH_FIND(OSSL_PARAM_construct_size_t);
    HEARTH_FIND(PEM_write_bio_PUBKEY);
    HEARTH_FIND(PEM_write_bio_PrivateKey);
    HEARTH_FIND(SHA256);
#undef HEARTH_FIND
    // Its configuration file, which the environment can name, has no say in what we do; reading it
    // takes 0.4 ms.
    out.OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
    return out;
}

}  // namespace

const Libcrypto& libcrypto() {
    static const Libcrypto library = load();
    return library;
}

}  // namespace hearth::crypto
