// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/signing.hpp"

#include <Poco/Crypto/EVPPKey.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <vector>

#include "core/record/base64.hpp"

namespace hearth::record {

namespace {

constexpr std::size_t kRawSize = 32;
/// DER in front of the 32 bytes of an Ed25519 key: SubjectPublicKeyInfo, and PKCS#8 version 1
/// without attributes.
constexpr std::string_view kPublicPrefix("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
constexpr std::string_view kPublicBegin = "-----BEGIN PUBLIC KEY-----";
constexpr std::string_view kPublicEnd = "-----END PUBLIC KEY-----";
constexpr std::string_view kPrivateBegin = "-----BEGIN PRIVATE KEY-----";
constexpr std::string_view kPrivateEnd = "-----END PRIVATE KEY-----";
constexpr std::size_t kPrivateBody = 64;
/// What the 16 bytes of PKCS#8 prefix look like in base64, up to the last whole group.
constexpr std::string_view kPrivatePrefix = "MC4CAQAwBQYDK2VwBCIE";

struct ContextFree {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, ContextFree>;

struct BioFree {
    void operator()(BIO* bio) const { BIO_free(bio); }
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

/// A failed load leaks memory inside Poco, so only what can succeed is given to it: the usual three
/// lines.
bool looks_like_ed25519(int fd) {
    std::array<char, 128> buffer{};
    const ssize_t got = ::pread(fd, buffer.data(), buffer.size(), 0);
    std::string_view text(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    const auto skip = [&text](std::string_view expected) {
        if (!text.starts_with(expected)) return false;
        text.remove_prefix(expected.size());
        return true;
    };
    bool good = skip(kPrivateBegin) && skip("\n") && text.starts_with(kPrivatePrefix) &&
                text.size() > kPrivateBody;
    good = good && std::all_of(text.begin(), text.begin() + kPrivateBody, is_base64_digit);
    if (good) text.remove_prefix(kPrivateBody);
    good = good && skip("\n") && skip(kPrivateEnd);
    OPENSSL_cleanse(buffer.data(), buffer.size());
    return good;
}

}  // namespace

void PublicKey::Free::operator()(evp_pkey_st* key) const {
    EVP_PKEY_free(key);
}

Result<PublicKey> PublicKey::from_raw(const std::array<unsigned char, 32>& raw) {
    EVP_PKEY* key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw.data(), raw.size());
    if (!key)
        return invalid_public_key("OpenSSL does not accept these 32 bytes as an Ed25519 key.");
    return PublicKey(raw, key);
}

// OpenSSL's own PEM decoder, which Poco uses too, takes 254 microseconds per key; this takes 3.
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
    const Context context(EVP_MD_CTX_new());
    return context &&
           EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
           EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message),
                            message.size()) == 1;
}

SigningKey::SigningKey(std::unique_ptr<Poco::Crypto::EVPPKey> key, PublicKey public_key)
    : key_(std::move(key)), public_(std::move(public_key)) {}
SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;
SigningKey::~SigningKey() = default;

Result<SigningKey> SigningKey::load(int fd) {
    if (!looks_like_ed25519(fd))
        return invalid_signing_key("It is not an Ed25519 key in PEM form (PKCS#8).");
    try {
        // By way of /proc, so that it is the very file whose owner and mode were checked.
        auto key = std::make_unique<Poco::Crypto::EVPPKey>(std::string(),
                                                           "/proc/self/fd/" + std::to_string(fd));
        std::array<unsigned char, kRawSize> raw{};
        std::size_t size = raw.size();
        if (EVP_PKEY_get_raw_public_key(*key, raw.data(), &size) != 1 || size != raw.size())
            return invalid_signing_key("It is not an Ed25519 key.");
        HEARTH_TRY(public_key, PublicKey::from_raw(raw));
        return SigningKey(std::move(key), std::move(public_key));
    } catch (const std::exception& problem) {
        return invalid_signing_key(std::string("The crypto library says: ") + problem.what() + ".");
    }
}

Result<std::string> SigningKey::sign(std::string_view message) const {
    std::string signature(kSignatureSize, '\0');
    std::size_t size = signature.size();
    const Context context(EVP_MD_CTX_new());
    if (context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, *key_) == 1 &&
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                       bytes_of(message), message.size()) == 1 &&
        size == signature.size())
        return signature;
    return Error(Code::internal, "signing-failed", "The record could not be signed.")
        .why("OpenSSL refused to make an Ed25519 signature.");
}

Result<void> write_new_key_pair(int private_fd, int public_fd) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
        EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), &EVP_PKEY_free);
    const Bio secret_file(BIO_new_fd(private_fd, BIO_NOCLOSE));
    const Bio public_file(BIO_new_fd(public_fd, BIO_NOCLOSE));
    if (key && secret_file && public_file &&
        PEM_write_bio_PrivateKey(secret_file.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                 nullptr) == 1 &&
        PEM_write_bio_PUBKEY(public_file.get(), key.get()) == 1)
        return ok();
    return Error(Code::io, "signing-key-write", "The key pair of this machine could not be made.")
        .why("OpenSSL could not make or write an Ed25519 key.");
}

}  // namespace hearth::record
