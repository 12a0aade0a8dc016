// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/root_methods.hpp"

#include <string_view>

#include "hosts/homed/bus/context.hpp"
#include "hosts/homed/bus/home_table.hpp"
#include "hosts/homed/bus/manager_table.hpp"
#include "hosts/homed/bus/paths.hpp"
#include "hosts/homed/bus/trampoline.hpp"

namespace hearth::homed {

namespace {

bool is_for_root(const sd_bus_vtable& entry) {
    return entry.type == _SD_BUS_VTABLE_METHOD && (entry.flags & SD_BUS_VTABLE_UNPRIVILEGED) == 0;
}

/// The entry that the call is meant for; null: there is none for root alone.
const sd_bus_vtable* find_entry(const sd_bus_vtable* table, sd_bus_message* call) {
    const std::string_view member = sd_bus_message_get_member(call);
    for (; table->type != _SD_BUS_VTABLE_END; ++table)
        if (is_for_root(*table) && member == table->x.method.member)
            return sd_bus_message_has_signature(call, table->x.method.signature) > 0 ? table
                                                                                     : nullptr;
    return nullptr;
}

int serve(const sd_bus_vtable* entry, sd_bus_message* call, void* userdata, sd_bus_error* error) {
    if (entry == nullptr || userdata == nullptr) return 0;
    if ((entry->flags & SD_BUS_VTABLE_SENSITIVE) != 0) sd_bus_message_sensitive(call);
    return entry->x.method.handler(call, userdata, error);
}

/// What is not found here is sd-bus's to refuse.
int dispatch(sd_bus_message* call, Context& context, sd_bus_error* error) {
    const char* const path = sd_bus_message_get_path(call);
    const char* const text = sd_bus_message_get_interface(call);
    if (path == nullptr || text == nullptr) return 0;
    const std::string_view interface = text;
    if (interface == kManagerInterface)
        return std::string_view(path) == kManagerPath
                   ? serve(find_entry(manager_table(), call), call, &context, error)
                   : 0;
    if (interface != kHomeInterface) return 0;
    const auto* const entry = find_entry(home_table(), call);
    const auto name = entry != nullptr ? name_in_path(path) : std::nullopt;
    return name ? serve(entry, call, context.service.homes().find_any(*name), error) : 0;
}

}  // namespace

int serve_root_methods(sd_bus_message* message, void* context, sd_bus_error* error) noexcept {
    return guarded(error, [&] {
        if (sd_bus_message_is_method_call(message, nullptr, nullptr) <= 0) return 0;
        return dispatch(message, *static_cast<Context*>(context), error);
    });
}

}  // namespace hearth::homed
