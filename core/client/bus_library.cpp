// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/client/bus_library.hpp"

#include <dlfcn.h>

#include <optional>

namespace hearth::client {

namespace {

template <typename Function>
bool find_call(void* library, const char* name, Function& function) {
    function = reinterpret_cast<Function>(::dlsym(library, name));
    return function != nullptr;
}

std::optional<BusLibrary> load() {
    void* const library = ::dlopen("libsystemd.so.0", RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
    if (library == nullptr) return std::nullopt;
    BusLibrary out{};
    const bool complete =
        find_call(library, "sd_bus_open_system", out.open_system) &&
        find_call(library, "sd_bus_flush_close_unref", out.flush_close_unref) &&
        find_call(library, "sd_bus_call", out.call) &&
        find_call(library, "sd_bus_error_free", out.error_free) &&
        find_call(library, "sd_bus_message_new_method_call", out.message_new_method_call) &&
        find_call(library, "sd_bus_message_append", out.message_append) &&
        find_call(library, "sd_bus_message_read", out.message_read) &&
        find_call(library, "sd_bus_message_enter_container", out.message_enter_container) &&
        find_call(library, "sd_bus_message_exit_container", out.message_exit_container) &&
        find_call(library, "sd_bus_message_set_allow_interactive_authorization",
                  out.message_set_interactive) &&
        find_call(library, "sd_bus_message_sensitive", out.message_sensitive) &&
        find_call(library, "sd_bus_message_unref", out.message_unref);
    if (!complete) return std::nullopt;
    return out;
}

}  // namespace

const BusLibrary* BusLibrary::find() {
    static const std::optional<BusLibrary> library = load();
    return library ? &*library : nullptr;
}

}  // namespace hearth::client
