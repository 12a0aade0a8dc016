// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace hearth::client {

/// A key whose signatures hold on this machine.
struct PublicKey {
    /// As in "work.public"; this machine's own is "local.public".
    std::string name;
    std::string pem;
};

}  // namespace hearth::client
