// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "pin_protocol.hpp"
#include "state.hpp"

namespace hearth::fido2::test {

/// Lets time pass for a token that waits. False: the host has cancelled, or is gone.
using Waiting = std::function<bool(std::chrono::milliseconds)>;

/// What came of a command: an answer, with its status byte in front; or the token is silent or gone
/// (nothing).
using Answer = std::optional<Bytes>;

/// A security key in software: CTAP 2.0 or 2.1 with hmac-secret, credProtect, PIN (both protocols)
/// and a sensor. What it is and remembers is in a file; what ends with its power is in here.
class Authenticator {
  public:
    explicit Authenticator(std::string path);

    /// One command of CTAPHID_CBOR. Throws nothing.
    Answer handle(View command, const Waiting& wait);

  private:
    std::optional<Step> next_step(const std::string& at);
    Answer play(const Step& step, View command, const Waiting& wait);
    Bytes answer(View command, const Waiting& wait);
    Bytes make(const Cbor& request, const Waiting& wait);
    Bytes ask(const Cbor& request, const Waiting& wait);
    Bytes client_pin(const Cbor& request, const Waiting& wait);
    void use_pin(const Cbor& request);
    bool is_verified(const Cbor& request, int code_key, const Cbor* options, const Waiting& wait);
    void need_touch(const Waiting& wait);
    void need_finger(const Waiting& wait);
    [[nodiscard]] PinProtocol protocol_of(const Cbor& request) const;
    [[nodiscard]] PinProtocol protocol_with(const Cbor& request, int version) const;
    [[nodiscard]] Bytes secret_for(const Credential& credential, const Cbor& wish,
                                   bool is_verified) const;
    [[nodiscard]] Bytes reveal(const Credential& credential, const Cbor& request,
                               bool verified) const;
    /// One more signature, and what else changes with it.
    int count(const std::function<void(State&)>& how) const;
    [[nodiscard]] State now() const;
    void change(const std::function<void(State&)>& how) const;

    std::string path_;
    KeyPair agreement_;
    Bytes pin_token_ = random_bytes(32);
    bool forgets_secret_ = false;
    bool is_present_ = false;
};

}  // namespace hearth::fido2::test
