// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/oracle/systemd_library.hpp"

#include <dlfcn.h>

#include <cstdlib>

namespace hearth::oracle {

namespace {

constexpr const char* kPath = "/usr/lib/x86_64-linux-gnu/systemd/libsystemd-shared-252.so";

template <typename F>
bool find(void* library, const char* name, F& out) {
    out = reinterpret_cast<F>(dlsym(library, name));
    return out != nullptr;
}

}  // namespace

std::unique_ptr<SystemdLibrary> SystemdLibrary::open(std::string& reason) {
    // Stays loaded: unloading it would take names out of leak reports.
    void* library = dlopen(kPath, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        reason = std::string(kPath) + " cannot be opened (package libsystemd-shared)";
        return nullptr;
    }
    auto oracle = std::make_unique<SystemdLibrary>();
    if (find(library, "json_parse", oracle->parse_) &&
        find(library, "json_variant_normalize", oracle->normalize_) &&
        find(library, "json_variant_format", oracle->format_) &&
        find(library, "json_variant_unref", oracle->unref_))
        return oracle;
    reason = std::string(kPath) + " lacks the JSON functions";
    return nullptr;
}

std::optional<std::string> SystemdLibrary::canonical(const std::string& text) const {
    if (text.find('\0') != std::string::npos)
        return {};  // it takes C strings and would see only the front
    Variant* variant = nullptr;
    unsigned line = 0;
    unsigned column = 0;
    std::optional<std::string> result;
    char* formatted = nullptr;
    if (parse_(text.c_str(), 0, &variant, &line, &column) >= 0 && normalize_(&variant) >= 0 &&
        format_(variant, 0, &formatted) >= 0)
        result = formatted;
    std::free(formatted);
    unref_(variant);
    return result;
}

}  // namespace hearth::oracle
