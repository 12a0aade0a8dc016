// SPDX-License-Identifier: LGPL-2.1-or-later
// Entries for security keys: what is accepted is written the same again.
#include <cstdint>
#include <cstdlib>

#include "plugins/auth-fido2/entry.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace hearth::fido2;
    const auto entry = parse_entry({reinterpret_cast<const char*>(data), size});
    if (!entry) return 0;
    if (entry->credential.empty() || entry->salt.size() != kSaltSize) std::abort();
    const auto again = parse_entry(to_json(*entry));
    if (!again || !(*again == *entry)) std::abort();
    return 0;
}
