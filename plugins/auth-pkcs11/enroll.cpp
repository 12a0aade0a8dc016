// SPDX-License-Identifier: LGPL-2.1-or-later
#include "enroll.hpp"

#include <openssl/crypto.h>

#include "login.hpp"
#include "private_key.hpp"
#include "public_objects.hpp"
#include "token_error.hpp"
#include "wrap.hpp"

namespace hearth::pkcs11 {

namespace {

struct New {
    Entry entry;
    sdk::Secret secret;
};

sdk::Result<Uri> parse(const std::string& text) {
    HEARTH_SDK_TRY(uri, Uri::parse(text));
    // Everybody can read the record that the URI goes into.
    if (uri.has_pin())
        return sdk::Error(HEARTH_E_INVALID_ARGUMENT, "the URI of the token must not have a PIN");
    return uri;
}

sdk::Result<Token> find_token(sdk::Op op, ModuleList modules, const Uri& uri) {
    HEARTH_SDK_TRY(tokens, find_tokens(op, modules));
    std::erase_if(tokens, [&](const Token& token) { return !token.is_meant_by(uri); });
    if (tokens.size() == 1) return tokens.front();
    if (tokens.empty())
        return sdk::Error(HEARTH_E_NEED_TOKEN, "no token is there that the URI means");
    return sdk::Error(HEARTH_E_INVALID_ARGUMENT,
                      "the URI means several tokens: say which, by serial= or token=");
}

/// Does the token find the secret again?
sdk::Result<void> check(sdk::Op op, const Session& session, const Uri& uri, const New& made) {
    HEARTH_SDK_TRY(found, reveal(op, session, uri, made.entry));
    const auto one = found.view().text();
    const auto other = made.secret.view().text();
    if (one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0)
        return sdk::ok();
    return sdk::Error(HEARTH_E_CORRUPT, "the token gives another secret than was made for it");
}

/// The oldest padding that the token can undo: every release of systemd-homed reads it, OAEP none
/// up to 257. What is hidden is random, and whoever can ask the token for answers can ask it for
/// the secret. Not every token says beforehand what it can undo.
sdk::Result<New> make_rsa(sdk::Op op, const Session& session, const Uri& uri,
                          const std::string& text, const PublicKey& key) {
    std::optional<sdk::Error> first;
    for (const Padding padding : {Padding::pkcs1, Padding::oaep_sha256, Padding::oaep_sha1}) {
        HEARTH_SDK_TRY(secret, new_secret_for(op, key));
        HEARTH_SDK_TRY(data, encrypt(key, padding, secret.view()));
        New made{{text, std::move(data), padding}, std::move(secret)};
        auto checked = check(op, session, uri, made);
        if (checked) return made;
        if (ends_search(checked.error()) || checked.error().code() == HEARTH_E_NEED_TOKEN)
            return std::move(checked).error();
        if (!first) first = std::move(checked).error();
    }
    return *std::move(first);
}

sdk::Result<New> make_ec(sdk::Op op, const Session& session, const Uri& uri,
                         const std::string& text, const PublicKey& key) {
    HEARTH_SDK_TRY(agreed, agree(op, key));
    New made{{text, std::move(agreed.point), Padding::pkcs1}, std::move(agreed.secret)};
    HEARTH_SDK_CHECK(check(op, session, uri, made));
    return made;
}

}  // namespace

sdk::Result<sdk::Enrolled> enroll(sdk::Op op, ModuleList modules, const std::string& uri) {
    HEARTH_SDK_CHECK(go_on(op));
    HEARTH_SDK_TRY(parsed, parse(uri));
    HEARTH_SDK_TRY(token, find_token(op, modules, parsed));
    HEARTH_SDK_TRY(session, Session::open(token));
    HEARTH_SDK_CHECK(log_in(op, session, token));
    HEARTH_SDK_TRY(key, find_public_key(op, session, parsed));
    HEARTH_SDK_TRY(made, key.kind() == KeyKind::rsa ? make_rsa(op, session, parsed, uri, key)
                                                    : make_ec(op, session, parsed, uri, key));
    return sdk::Enrolled{to_json(made.entry), std::move(made.secret)};
}

}  // namespace hearth::pkcs11
