// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace hearth::homectl {

/// What a command line does with security tokens and recovery keys.
struct TokenChanges {
    /// A token to enroll. The kind is the name of one ("file-token"), or the field of the record
    /// that keeps its tokens ("fido2HmacSalt"); the device is its id, "auto" or "list".
    struct Wish {
        std::string kind;
        std::string device;
    };
    std::vector<Wish> enroll;
    /// Kinds of which all tokens go.
    std::vector<std::string> drop;
    /// Single ones that go, as "KIND:NUMBER"; "list" shows those that are there.
    std::vector<std::string> remove;
    /// Of the credential of a new FIDO2 token; "": the usual one.
    std::string algorithm;
    /// What a new token asks for. Nothing: the PIN if it has one, a touch, and not who touches it.
    std::optional<bool> with_pin;
    std::optional<bool> with_presence;
    std::optional<bool> with_verification;
    /// Makes one more recovery key (true), or drops all of them (false).
    std::optional<bool> recovery_key;
    /// Where the key is written to; "": the terminal.
    std::string recovery_key_file;

    [[nodiscard]] bool empty() const {
        return enroll.empty() && drop.empty() && remove.empty() && !recovery_key;
    }
    [[nodiscard]] bool adds() const { return !enroll.empty() || recovery_key.value_or(false); }
};

}  // namespace hearth::homectl
