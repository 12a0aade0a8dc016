// SPDX-License-Identifier: LGPL-2.1-or-later
// The part of a virtual token that knows about PINs.
#include <fido/err.h>

#include "answer.hpp"
#include "authenticator.hpp"

namespace hearth::fido2::test {

namespace {

enum PinCommand : std::uint8_t {
    kRetries = 1,
    kAgreement = 2,
    kPinToken = 5,
    kSensorToken = 6,
    kSensorRetries = 7,
    kPinTokenFor = 9
};
constexpr int kAllTries = 8;
constexpr int kMostInRow = 3;

/// What of the PIN goes over the wire. A state may have it alone, as "#" and hexadecimal digits,
/// for those who look for the PIN itself in memory.
Bytes pin_hash_of(const State& state) {
    if (state.pin.starts_with('#')) return from_hex(state.pin.substr(1));
    Bytes out = sha256(Bytes(state.pin.begin(), state.pin.end()));
    out.resize(16);
    return out;
}

/// Why the token takes no PIN at all; FIDO_OK: it does.
int is_closed(const State& state) {
    if (state.retries == 0) return FIDO_ERR_PIN_BLOCKED;
    if (state.wrong_in_row >= kMostInRow) return FIDO_ERR_PIN_AUTH_BLOCKED;
    return state.pin.empty() ? FIDO_ERR_PIN_NOT_SET : FIDO_OK;
}

/// Counts a try; FIDO_OK: it is the PIN.
int count_try(State& state, const Bytes& given) {
    state.seen.emplace_back("try");
    if (const int refusal = is_closed(state); refusal != FIDO_OK) return refusal;
    if (given == pin_hash_of(state)) {
        state.retries = kAllTries;
        state.wrong_in_row = 0;
        return FIDO_OK;
    }
    --state.retries;
    ++state.wrong_in_row;
    const int refusal = is_closed(state);
    return refusal == FIDO_OK ? FIDO_ERR_PIN_INVALID : refusal;
}

}  // namespace

PinProtocol Authenticator::protocol_of(const Cbor& request) const {
    return protocol_with(request.at(3), static_cast<int>(request.at(1).number()));
}

/// Checks the PIN in the request, and counts it.
void Authenticator::use_pin(const Cbor& request) {
    const Bytes given = protocol_of(request).decrypt(request.at(6).bytes());
    int refusal = FIDO_OK;
    change([&](State& state) { refusal = count_try(state, given); });
    if (refusal == FIDO_OK) return;
    agreement_ = KeyPair::generate(KeyPair::Kind::es256);
    throw Refusal{refusal};
}

Bytes Authenticator::client_pin(const Cbor& request, const Waiting& wait) {
    const auto command = request.at(2).number();
    const auto reply = [](int key, const Cbor& value) {
        return with_status(FIDO_OK, Cbor::map({{key, value}}).encode());
    };
    if (command == kRetries) return reply(3, now().retries);
    if (command == kSensorRetries) return reply(5, now().sensor_retries);
    // ECDH-ES with HKDF-256, whatever the curve is used for.
    if (command == kAgreement) return reply(1, agreement_.cose(-25));
    if (command == kPinToken || command == kPinTokenFor)
        use_pin(request);
    else if (command == kSensorToken && now().has_sensor)
        need_finger(wait);
    else
        throw Refusal{FIDO_ERR_INVALID_COMMAND};
    pin_token_ = random_bytes(32);
    return reply(2, protocol_of(request).encrypt(pin_token_));
}

}  // namespace hearth::fido2::test
