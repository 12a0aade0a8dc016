// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <systemd/sd-bus.h>

namespace hearth::client {

/// The calls of libsystemd that we make. The library is looked for when there is a bus: starting it
/// with every program costs half a millisecond, and without a service nobody needs it.
struct BusLibrary {
    /// Null: it is not installed, or lacks a call. Found once, and never given back.
    static const BusLibrary* find();

    decltype(&::sd_bus_open_system) open_system;
    decltype(&::sd_bus_flush_close_unref) flush_close_unref;
    decltype(&::sd_bus_call) call;
    decltype(&::sd_bus_error_free) error_free;
    decltype(&::sd_bus_message_new_method_call) message_new_method_call;
    decltype(&::sd_bus_message_append) message_append;
    decltype(&::sd_bus_message_read) message_read;
    decltype(&::sd_bus_message_enter_container) message_enter_container;
    decltype(&::sd_bus_message_exit_container) message_exit_container;
    decltype(&::sd_bus_message_set_allow_interactive_authorization) message_set_interactive;
    decltype(&::sd_bus_message_sensitive) message_sensitive;
    decltype(&::sd_bus_message_unref) message_unref;
};

}  // namespace hearth::client
