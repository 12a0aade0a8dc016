// SPDX-License-Identifier: LGPL-2.1-or-later
// Entries for tokens, and the URIs in them: what is accepted is written the same again.
#include <cstdint>
#include <cstdlib>

#include "plugins/auth-pkcs11/entry.hpp"
#include "plugins/auth-pkcs11/uri.hpp"

namespace {

void look_at_uri(const std::string& text) {
    const auto uri = hearth::pkcs11::Uri::parse(text);
    if (!uri) return;
    for (const auto& attribute : uri->object_attributes())
        if (attribute.type == CKA_CLASS) std::abort();
    static_cast<void>(uri->has_pin());
    static_cast<void>(uri->matches(CK_TOKEN_INFO{}));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace hearth::pkcs11;
    const std::string text(reinterpret_cast<const char*>(data), size);
    look_at_uri(text);
    const auto entry = parse_entry(text);
    if (!entry) return 0;
    look_at_uri(entry->uri);
    const auto again = parse_entry(to_json(*entry));
    if (!again || !(*again == *entry)) std::abort();
    return 0;
}
