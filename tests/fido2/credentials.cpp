// SPDX-License-Identifier: LGPL-2.1-or-later
// The part of a virtual token that makes credentials and answers with them.
#include <fido/err.h>
#include <openssl/crypto.h>

#include <algorithm>

#include "answer.hpp"
#include "authenticator.hpp"

namespace hearth::fido2::test {

namespace {

constexpr unsigned kPresent = 1;
constexpr unsigned kVerified = 4;
constexpr unsigned kAttested = 64;
constexpr unsigned kExtended = 128;
constexpr std::size_t kIdSize = 32;
constexpr std::uint8_t kModelByte = 0x11;
constexpr int kHiddenLevel = 3;

void append(Bytes& out, const Bytes& more) {
    out.insert(out.end(), more.begin(), more.end());
}

/// The head of authenticator data.
Bytes data_head(const std::string& party, unsigned flags, int counter) {
    Bytes out = sha256(Bytes(party.begin(), party.end()));
    out.push_back(static_cast<std::uint8_t>(flags));
    for (const unsigned shift : {24U, 16U, 8U, 0U})
        out.push_back(static_cast<std::uint8_t>(static_cast<unsigned>(counter) >> shift));
    return out;
}

/// The first of the host's algorithms that the token knows.
KeyPair::Kind choose_kind(const State& state, const Cbor& wanted) {
    for (const auto& one : wanted.items()) {
        const auto number = static_cast<int>(one.at("alg").number());
        if (std::find(state.algorithms.begin(), state.algorithms.end(), number) !=
            state.algorithms.end())
            return static_cast<KeyPair::Kind>(number);
    }
    throw Refusal{FIDO_ERR_UNSUPPORTED_ALGORITHM};
}

/// Keys on the usual curve may also be written as their bare scalars.
KeyPair key_of(const Credential& credential) {
    return credential.key.size() == 32 ? KeyPair::from_scalar(credential.key)
                                       : KeyPair::from_der(credential.kind, credential.key);
}

const Credential* find_credential(const State& state, const Cbor& request, bool is_verified) {
    for (const auto& allowed : request.at(3).items())
        for (const auto& one : state.credentials)
            if (one.id == allowed.at("id").bytes() && one.party == request.at(1).text() &&
                (is_verified || !one.is_hidden))
                return &one;
    return nullptr;
}

/// What the host wants to know or have besides; null: nothing of that.
const Cbor* extension(const Cbor& request, int key, const char* name) {
    const auto* all = request.find(key);
    return all == nullptr ? nullptr : all->find(name);
}

Credential new_credential(const Cbor& request, const KeyPair& pair) {
    Credential out{random_bytes(kIdSize),
                   pair.kind(),
                   pair.private_der(),
                   random_bytes(32),
                   random_bytes(32),
                   request.at(2).at("id").text(),
                   request.at(3).at("name").text()};
    const auto* level = extension(request, 6, "credProtect");
    out.is_hidden = level != nullptr && level->number() == kHiddenLevel;
    return out;
}

/// The extensions of a new credential; nothing, if there are none.
Bytes granted_for(const Cbor& request) {
    std::vector<Cbor::Member> out;
    if (const auto* level = extension(request, 6, "credProtect"))
        out.emplace_back("credProtect", *level);
    if (extension(request, 6, "hmac-secret") != nullptr) out.emplace_back("hmac-secret", true);
    return out.empty() ? Bytes() : Cbor::map(out).encode();
}

unsigned flags_of(bool touched, bool verified, const Bytes& granted) {
    return (touched ? kPresent : 0U) | (verified ? kVerified : 0U) |
           (granted.empty() ? 0U : kExtended);
}

/// Authenticator data with a new credential in it.
Bytes data_of(const Credential& made, const KeyPair& pair, unsigned flags, int counter,
              const Bytes& granted) {
    Bytes out = data_head(made.party, flags | kAttested, counter);
    append(out, Bytes(16, kModelByte));
    out.push_back(0);
    out.push_back(kIdSize);
    append(out, made.id);
    append(out, pair.cose(static_cast<int>(pair.kind())).encode());
    append(out, granted);
    return out;
}

/// Throws a Refusal where the token wants to recognize its owner first.
void may_make(const State& state, bool verified) {
    const bool is_guarded = !state.pin.empty() || state.has_sensor;
    if (!verified && (state.is_modern ? state.always_verifies : is_guarded))
        throw Refusal{FIDO_ERR_PIN_REQUIRED};
}

/// What the token gives for this request, if it gives anything.
const Credential& may_ask(const State& state, const Cbor& request, bool touched, bool verified) {
    const auto* found = find_credential(state, request, verified);
    if (found == nullptr) throw Refusal{FIDO_ERR_NO_CREDENTIALS};
    if (touched && state.always_verifies && !verified) throw Refusal{FIDO_ERR_PIN_REQUIRED};
    if (extension(request, 4, "hmac-secret") != nullptr && !touched && state.wants_touch)
        throw Refusal{FIDO_ERR_UNSUPPORTED_OPTION};
    return *found;
}

}  // namespace

int Authenticator::count(const std::function<void(State&)>& how) const {
    int out = 0;
    change([&](State& state) {
        out = ++state.counter;
        how(state);
    });
    return out;
}

Bytes Authenticator::make(const Cbor& request, const Waiting& wait) {
    const State before = now();
    const auto kind = choose_kind(before, request.at(4));
    const bool verified = is_verified(request, 8, request.find(7), wait);
    may_make(before, verified);
    need_touch(wait);
    const KeyPair pair = KeyPair::generate(kind);
    const Credential made = new_credential(request, pair);
    const int counter = count([&](State& state) { state.credentials.push_back(made); });
    const Bytes granted = granted_for(request);
    const Bytes data = data_of(made, pair, flags_of(true, verified, granted), counter, granted);
    return with_status(FIDO_OK, Cbor::map({{1, "none"}, {2, data}, {3, Cbor::map({})}}).encode());
}

PinProtocol Authenticator::protocol_with(const Cbor& request, int version) const {
    return {version, agreement_.agree(request)};
}

Bytes Authenticator::secret_for(const Credential& credential, const Cbor& wish,
                                bool is_verified) const {
    const auto* version = wish.find(4);
    const PinProtocol protocol =
        protocol_with(wish.at(1), version == nullptr ? 1 : static_cast<int>(version->number()));
    if (!protocol.is_authentic(wish.at(2).bytes(), wish.at(3).bytes()))
        throw Refusal{FIDO_ERR_PIN_AUTH_INVALID};
    const Bytes salt = protocol.decrypt(wish.at(2).bytes());
    Bytes secret = hmac_sha256(is_verified ? credential.verified : credential.plain, salt);
    Bytes out = protocol.encrypt(secret);
    OPENSSL_cleanse(secret.data(), secret.size());
    return out;
}

/// The extensions of an answer; nothing, if there are none.
Bytes Authenticator::reveal(const Credential& credential, const Cbor& request,
                            bool verified) const {
    const auto* wish = extension(request, 4, "hmac-secret");
    if (wish == nullptr || forgets_secret_) return {};
    return Cbor::map({{"hmac-secret", secret_for(credential, *wish, verified)}}).encode();
}

Bytes Authenticator::ask(const Cbor& request, const Waiting& wait) {
    const State before = now();
    const auto* options = request.find(5);
    const bool touched = option(options, "up", true);
    const bool verified = is_verified(request, 6, options, wait);
    const auto& credential = may_ask(before, request, touched, verified);
    if (touched) need_touch(wait);
    const Bytes granted = reveal(credential, request, verified);
    const int counter = count([](State& /*state*/) {});
    Bytes data = data_head(credential.party, flags_of(touched, verified, granted), counter);
    append(data, granted);
    Bytes to_sign = data;
    append(to_sign, request.at(2).bytes());
    const auto name = Cbor::map({{"id", credential.id}, {"type", "public-key"}});
    const Bytes signature = key_of(credential).sign(to_sign);
    return with_status(FIDO_OK, Cbor::map({{1, name}, {2, data}, {3, signature}}).encode());
}

}  // namespace hearth::fido2::test
