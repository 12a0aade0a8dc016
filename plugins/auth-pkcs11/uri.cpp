// SPDX-License-Identifier: LGPL-2.1-or-later
#include "uri.hpp"

#include <cstdlib>
#include <new>

namespace hearth::pkcs11 {

namespace {

sdk::Error wrong(const std::string& why) {
    return {HEARTH_E_INVALID_ARGUMENT, "the URI of a token is wrong: " + why};
}

// p11-kit asks for pointers that it does not write through.
template <typename T>
T* unconst(const T& value) {
    return const_cast<T*>(&value);
}

}  // namespace

sdk::Result<Uri> Uri::parse(const std::string& text) {
    Uri out;
    out.uri_.reset(p11_kit_uri_new());
    if (!out.uri_) throw std::bad_alloc();
    if (text.find('\0') != std::string::npos) return wrong("a zero byte is in it");
    const int status = p11_kit_uri_parse(text.c_str(), P11_KIT_URI_FOR_ANY, out.uri_.get());
    if (status != P11_KIT_URI_OK) return wrong(p11_kit_uri_message(status));
    // Such a text matches nothing, which would look as if the token were missing.
    if (p11_kit_uri_any_unrecognized(out.uri_.get()) != 0)
        return wrong("it has an attribute that p11-kit does not know");
    return out;
}

std::string Uri::of_token(const CK_TOKEN_INFO& token) {
    Uri uri;
    uri.uri_.reset(p11_kit_uri_new());
    if (!uri.uri_) throw std::bad_alloc();
    *p11_kit_uri_get_token_info(uri.uri_.get()) = token;
    char* text = nullptr;
    if (p11_kit_uri_format(uri.uri_.get(), P11_KIT_URI_FOR_TOKEN, &text) != P11_KIT_URI_OK)
        throw std::bad_alloc();
    const std::unique_ptr<char, void (*)(void*)> owned(text, &std::free);
    return text;
}

bool Uri::matches(const CK_INFO& module) const {
    return p11_kit_uri_match_module_info(uri_.get(), unconst(module)) == 1;
}

bool Uri::matches(const CK_SLOT_INFO& slot, CK_SLOT_ID id) const {
    const CK_SLOT_ID wanted = p11_kit_uri_get_slot_id(uri_.get());
    return (wanted == static_cast<CK_SLOT_ID>(-1) || wanted == id) &&
           p11_kit_uri_match_slot_info(uri_.get(), unconst(slot)) == 1;
}

bool Uri::matches(const CK_TOKEN_INFO& token) const {
    return p11_kit_uri_match_token_info(uri_.get(), unconst(token)) == 1;
}

std::vector<CK_ATTRIBUTE> Uri::object_attributes() const {
    CK_ULONG count = 0;
    CK_ATTRIBUTE* first = p11_kit_uri_get_attributes(uri_.get(), &count);
    std::vector<CK_ATTRIBUTE> out;
    for (CK_ULONG i = 0; i < count; ++i)
        if (first[i].type != CKA_CLASS) out.push_back(first[i]);
    return out;
}

bool Uri::has_pin() const {
    return p11_kit_uri_get_pin_value(uri_.get()) != nullptr ||
           p11_kit_uri_get_pin_source(uri_.get()) != nullptr;
}

}  // namespace hearth::pkcs11
