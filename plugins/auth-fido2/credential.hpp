// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "device.hpp"
#include "entry.hpp"
#include "pin_tries.hpp"

namespace hearth::fido2 {

/// What the key is asked to make.
struct NewCredential {
    std::string user;       // with the realm behind it
    std::string real_name;  // may be empty
    int algorithm;          // COSE_*
    bool verification;      // of no use to anybody whom the key does not recognize
    bool pin;
};

/// A credential that has a secret for every salt. The key wants to be touched, always.
/// Errors: as reveal() has them.
sdk::Result<Bytes> make_credential(sdk::Op op, Device& device, const NewCredential& wanted,
                                   PinTries& pins);

/// COSE_* of the record's "fido2CredentialAlgorithm": es256 (also without one), rs256, eddsa.
/// Errors: INVALID_ARGUMENT.
sdk::Result<int> algorithm_of(const sdk::Record& record);

}  // namespace hearth::fido2
