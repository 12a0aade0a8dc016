// SPDX-License-Identifier: LGPL-2.1-or-later
#include "answer.hpp"

namespace hearth::fido2::test {

Bytes with_status(int code, const Bytes& rest) {
    Bytes out{static_cast<std::uint8_t>(code)};
    out.insert(out.end(), rest.begin(), rest.end());
    return out;
}

bool option(const Cbor* options, const char* name, bool otherwise) {
    const auto* found = options == nullptr ? nullptr : options->find(name);
    return found == nullptr ? otherwise : found->boolean();
}

}  // namespace hearth::fido2::test
