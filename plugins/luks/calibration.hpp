// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <functional>
#include <string>

#include "settings.hpp"

// What a key derivation costs on this machine is measured once and remembered: a measurement takes
// longer than the derivation itself.

namespace hearth::luks {

/// Fills in the iterations (and less memory, where there is not enough of it) that take the time
/// that is asked for.
using Measure = std::function<sdk::Result<KeyDerivation>(const KeyDerivation& wanted)>;

/// What this machine remembers. Both may fail: then it is measured again.
struct Memory {
    std::function<sdk::Result<std::string>(const std::string& key)> load;
    std::function<sdk::Result<void>(const std::string& key, const std::string& text)> store;
};

/// The derivation for new keys: as the record has it, or with iterations measured or remembered,
/// and never below the least that a home should have. Errors: those of `measure`.
sdk::Result<KeyDerivation> calibrate(const KeyDerivation& wanted, const Memory& memory,
                                     const Measure& measure);

/// The host's small store.
Memory memory_of(sdk::Op op);

}  // namespace hearth::luks
