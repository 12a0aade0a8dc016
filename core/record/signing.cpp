// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/signing.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "core/crypto/libcrypto.hpp"
#include "core/record/base64.hpp"

namespace hearth::record {

namespace {

constexpr std::size_t kRawSize = 32;
/// DER in front of the 32 bytes of an Ed25519 key: SubjectPublicKeyInfo.
constexpr std::string_view kPublicPrefix("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
constexpr std::string_view kPublicBegin = "-----BEGIN PUBLIC KEY-----";
constexpr std::string_view kPublicEnd = "-----END PUBLIC KEY-----";
constexpr std::string_view kPrivateBegin = "-----BEGIN PRIVATE KEY-----";
constexpr std::string_view kPrivateEnd = "-----END PRIVATE KEY-----";
constexpr std::size_t kPrivateBody = 64;
/// PKCS#8 version 1 without attributes, in front of the 32 bytes of the private key.
constexpr std::string_view kPrivatePrefix(
    "\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20", 16);

using crypto::libcrypto;

struct ContextFree {
    void operator()(EVP_MD_CTX* context) const { libcrypto().EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, ContextFree>;

struct BioFree {
    void operator()(BIO* bio) const { libcrypto().BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, BioFree>;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

Error invalid_public_key(std::string why) {
    return Error(Code::invalid_argument, "public-key-invalid", "The public key cannot be used.")
        .why(std::move(why));
}

Error invalid_signing_key(std::string why) {
    return Error(Code::corrupt, "signing-key-invalid",
                 "The private key of this machine cannot be used.")
        .why(std::move(why));
}

/// The base64 text between the PEM lines, without its line breaks.
std::optional<std::string> pem_body(std::string_view pem, std::string_view begin,
                                    std::string_view end) {
    const std::size_t first = pem.find(begin);
    if (first == std::string_view::npos) return {};
    pem.remove_prefix(first + begin.size());
    const std::size_t last = pem.find(end);
    if (last == std::string_view::npos) return {};
    std::string body(pem.substr(0, last));
    std::erase_if(body, [](char c) { return c == '\n' || c == '\r' || c == ' ' || c == '\t'; });
    return body;
}

/// Bytes of a private key, wiped when they go.
template <std::size_t N>
struct WipedBytes {
    std::array<unsigned char, N> bytes{};
    WipedBytes() = default;
    WipedBytes(const WipedBytes&) = delete;
    WipedBytes& operator=(const WipedBytes&) = delete;
    ~WipedBytes() { explicit_bzero(bytes.data(), bytes.size()); }
};

/// The key in the usual three lines, decoded strictly: in 10 microseconds, where the decoder of
/// OpenSSL (and of Poco, which also leaks when it fails) takes 330.
Key decode_private_key(std::string_view text) {
    const auto skip = [&text](std::string_view expected) {
        if (!text.starts_with(expected)) return false;
        text.remove_prefix(expected.size());
        return true;
    };
    if (!skip(kPrivateBegin) || !skip("\n") || text.size() <= kPrivateBody) return nullptr;
    const std::string_view body = text.substr(0, kPrivateBody);
    text.remove_prefix(kPrivateBody);
    if (!std::all_of(body.begin(), body.end(), is_base64_digit) || !skip("\n") ||
        !skip(kPrivateEnd))
        return nullptr;
    WipedBytes<kPrivateBody / 4 * 3> der;
    libcrypto().EVP_DecodeBlock(der.bytes.data(), bytes_of(body), static_cast<int>(body.size()));
    if (std::memcmp(der.bytes.data(), kPrivatePrefix.data(), kPrivatePrefix.size()) != 0)
        return nullptr;
    return Key(libcrypto().EVP_PKEY_new_raw_private_key(
        EVP_PKEY_ED25519, nullptr, der.bytes.data() + kPrivatePrefix.size(), kRawSize));
}

}  // namespace

void FreeKey::operator()(evp_pkey_st* key) const {
    libcrypto().EVP_PKEY_free(key);
}

Result<PublicKey> PublicKey::from_raw(const std::array<unsigned char, 32>& raw) {
    Key key(
        libcrypto().EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw.data(), raw.size()));
    if (!key)
        return invalid_public_key("OpenSSL does not accept these 32 bytes as an Ed25519 key.");
    return PublicKey(raw, std::move(key));
}

// OpenSSL's own PEM decoder takes 254 microseconds per key; this takes 3.
Result<PublicKey> PublicKey::from_pem(std::string_view pem) {
    const auto body = pem_body(pem, kPublicBegin, kPublicEnd);
    if (!body) return invalid_public_key("It is not in PEM form.");
    const auto der = from_base64(*body);
    if (!der) return invalid_public_key("Its base64 text is malformed.");
    if (der->size() != kPublicPrefix.size() + kRawSize || !der->starts_with(kPublicPrefix))
        return invalid_public_key("It is not an Ed25519 key.");
    std::array<unsigned char, kRawSize> raw{};
    std::copy(der->begin() + static_cast<std::ptrdiff_t>(kPublicPrefix.size()), der->end(),
              raw.begin());
    return from_raw(raw);
}

std::string PublicKey::pem() const {
    std::string der(kPublicPrefix);
    der.append(raw_.begin(), raw_.end());
    return std::string(kPublicBegin) + "\n" + to_base64(der) + "\n" + std::string(kPublicEnd) +
           "\n";
}

bool PublicKey::verify(std::string_view message, std::string_view signature) const {
    if (signature.size() != kSignatureSize) return false;
    const Context context(libcrypto().EVP_MD_CTX_new());
    return context &&
           libcrypto().EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) ==
               1 &&
           libcrypto().EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(),
                                        bytes_of(message), message.size()) == 1;
}

Result<SigningKey> SigningKey::load(int fd) {
    WipedBytes<128> text;
    const ssize_t got = ::pread(fd, text.bytes.data(), text.bytes.size(), 0);
    Key key =
        decode_private_key(std::string_view(reinterpret_cast<const char*>(text.bytes.data()),
                                            static_cast<std::size_t>(std::max<ssize_t>(got, 0))));
    if (!key) return invalid_signing_key("It is not an Ed25519 key in PEM form (PKCS#8).");
    std::array<unsigned char, kRawSize> raw{};
    std::size_t size = raw.size();
    if (libcrypto().EVP_PKEY_get_raw_public_key(key.get(), raw.data(), &size) != 1 ||
        size != raw.size())
        return invalid_signing_key("It is not an Ed25519 key.");
    HEARTH_TRY(public_key, PublicKey::from_raw(raw));
    return SigningKey(std::move(key), std::move(public_key));
}

Result<std::string> SigningKey::sign(std::string_view message) const {
    std::string signature(kSignatureSize, '\0');
    std::size_t size = signature.size();
    const Context context(libcrypto().EVP_MD_CTX_new());
    if (context &&
        libcrypto().EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
        libcrypto().EVP_DigestSign(context.get(),
                                   reinterpret_cast<unsigned char*>(signature.data()), &size,
                                   bytes_of(message), message.size()) == 1 &&
        size == signature.size())
        return signature;
    return Error(Code::internal, "signing-failed", "The record could not be signed.")
        .why("OpenSSL refused to make an Ed25519 signature.");
}

Result<void> write_new_key_pair(int private_fd, int public_fd) {
    const Key key(libcrypto().EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    const Bio secret_file(libcrypto().BIO_new_fd(private_fd, BIO_NOCLOSE));
    const Bio public_file(libcrypto().BIO_new_fd(public_fd, BIO_NOCLOSE));
    if (key && secret_file && public_file &&
        libcrypto().PEM_write_bio_PrivateKey(secret_file.get(), key.get(), nullptr, nullptr, 0,
                                             nullptr, nullptr) == 1 &&
        libcrypto().PEM_write_bio_PUBKEY(public_file.get(), key.get()) == 1)
        return ok();
    return Error(Code::io, "signing-key-write", "The key pair of this machine could not be made.")
        .why("OpenSSL could not make or write an Ed25519 key.");
}

}  // namespace hearth::record
