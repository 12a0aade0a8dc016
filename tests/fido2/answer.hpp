// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "cbor.hpp"

namespace hearth::fido2::test {

/// What the token answers in place of what it was asked for.
struct Refusal {
    int code;  // FIDO_ERR_*; negative: nothing, it is gone
};

/// An answer of CTAP: its status byte, and what follows.
Bytes with_status(int code, const Bytes& rest = {});

/// An option of a request, or what CTAP takes it for. `options` may be null.
bool option(const Cbor* options, const char* name, bool otherwise);

}  // namespace hearth::fido2::test
