// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "crypto.hpp"

namespace hearth::fido2::test {

/// What is hidden on the wire between a key and its host, by one of CTAP's two protocols.
class PinProtocol {
  public:
    /// `shared_x`: what both agreed on.
    PinProtocol(int version, View shared_x);

    [[nodiscard]] Bytes encrypt(View plain) const;
    /// Throws std::runtime_error where the length is none that was encrypted.
    [[nodiscard]] Bytes decrypt(View hidden) const;
    /// Is `code` what the holder of the key makes of the data?
    [[nodiscard]] bool is_authentic(View data, View code) const;
    static bool is_authentic(int version, View key, View data, View code);

  private:
    int version_;
    Bytes cipher_key_;
    Bytes code_key_;
};

}  // namespace hearth::fido2::test
