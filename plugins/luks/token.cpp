// SPDX-License-Identifier: LGPL-2.1-or-later
#include "token.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <memory>
#include <optional>
#include <vector>

#include "plugins/shared/json_text.hpp"

namespace hearth::luks {

namespace {

using shared::Json;
using shared::parse_object;
using shared::text_member;

/// One block of the cipher; less than that the mode cannot encrypt.
constexpr std::size_t kLeastText = 16;
constexpr std::size_t kMostText = std::size_t{1} << 20;

using Raw = std::vector<unsigned char>;

struct FreeCipher {
    void operator()(EVP_CIPHER* cipher) const { EVP_CIPHER_free(cipher); }
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER, FreeCipher>;
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

/// "aes-128-xts": xts has two keys in one.
Cipher find_cipher(const std::string& cipher, const std::string& mode, std::size_t key_size) {
    const std::string chaining = mode.substr(0, mode.find('-'));
    const std::size_t bits = key_size * 8 / (chaining == "xts" ? 2 : 1);
    const std::string name = cipher + "-" + std::to_string(bits) + "-" + chaining;
    Cipher found(EVP_CIPHER_fetch(nullptr, name.c_str(), nullptr));
    const bool fits =
        found && static_cast<std::size_t>(EVP_CIPHER_get_key_length(found.get())) == key_size;
    return fits ? std::move(found) : nullptr;
}

sdk::Error no_cipher(const std::string& cipher, const std::string& mode, std::size_t key_size) {
    return {HEARTH_E_BACKEND_UNAVAILABLE,
            "libcrypto has no " + cipher + " in the mode " + mode + " with keys of " +
                std::to_string(key_size) +
                " bytes (luksCipher, luksCipherMode, luksVolumeKeySize)"};
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

/// The whole text is one unit of the cipher. Nothing: it does not work out.
std::optional<std::string> run(const EVP_CIPHER* cipher, const TokenCipher& with, const Raw& iv,
                               std::string_view text, bool encrypt) {
    const Context context(EVP_CIPHER_CTX_new());
    const auto* key = reinterpret_cast<const unsigned char*>(with.key.data());
    std::string out(text.size() + kLeastText, '\0');
    auto* to = reinterpret_cast<unsigned char*>(out.data());
    int size = 0;
    int rest = 0;
    const bool ran =
        context &&
        EVP_CipherInit_ex2(context.get(), cipher, key, iv.data(), encrypt ? 1 : 0, nullptr) == 1 &&
        EVP_CipherUpdate(context.get(), to, &size, bytes_of(text), static_cast<int>(text.size())) ==
            1 &&
        EVP_CipherFinal_ex(context.get(), to + size, &rest) == 1;
    if (!ran) return std::nullopt;
    out.resize(static_cast<std::size_t>(size + rest));
    return out;
}

std::string encode(std::string_view bytes) {
    std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes_of(bytes),
                                     static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

/// Nothing, if the text is anything but the one spelling of its bytes.
std::optional<std::string> decode(const std::string& text) {
    if (text.empty() || text.size() % 4 != 0 || text.size() > 2 * kMostText) return std::nullopt;
    std::string out(text.size() / 4 * 3, '\0');
    if (EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes_of(text),
                        static_cast<int>(text.size())) < 0)
        return std::nullopt;
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
    out.resize(out.size() - padding);
    return encode(out) == text ? std::optional(std::move(out)) : std::nullopt;
}

sdk::Error corrupt(const char* what) {
    return {HEARTH_E_CORRUPT, std::string("the record in the header of the volume ") + what};
}

std::string to_json(const std::string& record, const std::string& iv) {
    const Json object(json_object_new_object());
    json_object_object_add(object.get(), "type", json_object_new_string(kTokenType));
    json_object_object_add(object.get(), "keyslots", json_object_new_array());
    json_object_object_add(object.get(), "record", json_object_new_string(record.c_str()));
    json_object_object_add(object.get(), "iv", json_object_new_string(iv.c_str()));
    return json_object_to_json_string_ext(object.get(),
                                          JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
}

}  // namespace

sdk::Result<void> check_cipher(const std::string& cipher, const std::string& mode,
                               std::size_t key_size) {
    if (find_cipher(cipher, mode, key_size)) return sdk::ok();
    return no_cipher(cipher, mode, key_size);
}

sdk::Result<std::string> seal_token(std::string_view text, const TokenCipher& with) {
    if (text.size() < kLeastText || text.size() > kMostText)
        return sdk::Error(HEARTH_E_INVALID_ARGUMENT, "the record has no size that records have");
    const Cipher cipher = find_cipher(with.cipher, with.mode, with.key.size());
    if (!cipher) return no_cipher(with.cipher, with.mode, with.key.size());
    Raw iv(static_cast<std::size_t>(EVP_CIPHER_get_iv_length(cipher.get())));
    if (!iv.empty() && RAND_bytes(iv.data(), static_cast<int>(iv.size())) != 1)
        return sdk::Error(HEARTH_E_INTERNAL, "libcrypto gave no random numbers");
    const auto sealed = run(cipher.get(), with, iv, text, true);
    if (!sealed) return sdk::Error(HEARTH_E_INTERNAL, "libcrypto could not encrypt the record");
    return to_json(encode(*sealed), encode({reinterpret_cast<char*>(iv.data()), iv.size()}));
}

sdk::Result<std::string> open_token(std::string_view json, const TokenCipher& with) {
    const Json object = parse_object(json);
    const auto record = text_member(object.get(), "record");
    const auto iv = text_member(object.get(), "iv");
    if (!record || !iv) return corrupt("lacks a part");
    const auto sealed = decode(*record);
    const auto start = decode(*iv);
    if (!sealed || !start || sealed->size() < kLeastText) return corrupt("is damaged");
    const Cipher cipher = find_cipher(with.cipher, with.mode, with.key.size());
    if (!cipher) return no_cipher(with.cipher, with.mode, with.key.size());
    const Raw raw_iv(start->begin(), start->end());
    if (raw_iv.size() != static_cast<std::size_t>(EVP_CIPHER_get_iv_length(cipher.get())))
        return corrupt("is damaged");
    auto text = run(cipher.get(), with, raw_iv, *sealed, false);
    if (!text || text->find('\0') != std::string::npos || !parse_object(*text))
        return corrupt("does not decrypt to a record");
    return std::move(*text);
}

}  // namespace hearth::luks
