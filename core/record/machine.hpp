// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace hearth::record {

/// Who this machine is, as far as records care: what perMachine entries match on and where bindings
/// are kept.
struct Machine {
    std::string id;        ///< 32 lowercase hexadecimal digits, as in /etc/machine-id
    std::string hostname;  ///< the kernel's host name; empty if none is set
};

}  // namespace hearth::record
