// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "crypto.hpp"

namespace hearth::fido2::test {

/// A pair of keys on a token, and what it has for hmac-secret.
struct Credential {
    Bytes id;
    KeyPair::Kind kind = KeyPair::Kind::es256;
    Bytes key;       // DER
    Bytes plain;     // 32 bytes: for secrets without verification
    Bytes verified;  // 32 bytes: for secrets with verification
    std::string party;
    std::string user;
    bool is_hidden = false;  // until the owner is recognized
};

/// What a token does instead of its duty, the next time.
struct Step {
    std::string at;      // "info", "make", "ask" (silently: "silent"), "pin" or "any"
    std::string action;  // "error", "garbage", "cut", "silence", "vanish", "no-secret"
    int number = 0;      // the error, or how many bytes are left
    Bytes bytes;         // the garbage
};

/// A virtual token in a file: whoever has the file is the person at it.
struct State {
    std::string product = "Virtual key";
    std::string vendor = "Hearth";
    // What it can do.
    std::vector<int> algorithms = {-7, -8, -257};
    std::vector<int> protocols = {2, 1};
    bool has_secrets = true;
    bool has_presence = true;
    bool has_sensor = false;
    bool is_modern = true;         // CTAP 2.1: tokens with permissions
    bool always_verifies = false;  // CTAP 2.1: alwaysUv
    bool wants_touch = false;      // no secret without one
    // What its owner did.
    std::string pin;  // empty: none is set
    bool is_touched = true;
    bool is_recognized = true;
    int touch_ms = 0;         // until the touch comes
    int patience_ms = 30000;  // how long it waits for one
    // What it remembers.
    int retries = 8;
    int wrong_in_row = 0;
    int sensor_retries = 3;
    int counter = 0;
    std::vector<Credential> credentials;
    std::vector<Step> script;
    /// What was done, a word each: "make", "silent", "ask", "touch", "verify", "pin".
    std::vector<std::string> seen;
};

/// Bytes that are written as hexadecimal digits.
Bytes from_hex(const std::string& text);

/// Reads, changes and writes the state in one go, while nobody else does. False: the file is not
/// there. Throws std::runtime_error where it holds no state.
bool with_state(const std::string& path, const std::function<void(State&)>& change);

}  // namespace hearth::fido2::test
