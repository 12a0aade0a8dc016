// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/plugin.h>

#include <exception>
#include <new>

#include "core/plugin/rights.hpp"
#include "core/plugin/services.hpp"

// Private to core/plugin: one table per service, each in a file of its own.

namespace hearth::plugin {

extern const hearth_host_record kRecordTable;
extern const hearth_host_secrets kSecretsTable;
extern const hearth_host_place kPlaceTable;
extern const hearth_host_run kRunTable;
extern const hearth_host_keyring kKeyringTable;
extern const hearth_host_state kStateTable;

inline hearth_status to_status(const Error& error) {
    return static_cast<hearth_status>(error.code());
}
inline hearth_status to_status(const Result<void>& result) {
    return result ? HEARTH_OK : to_status(result.error());
}

/// Runs the body of a service with the host's rights; nothing that is thrown may reach the plugin.
template <typename Body>
hearth_status guarded(Body&& body) noexcept {
    const HostRights rights;
    try {
        return body();
    } catch (const std::bad_alloc&) {
        return HEARTH_E_NO_MEMORY;
    } catch (...) {
        return HEARTH_E_INTERNAL;
    }
}

/// Tells the operation's log why a service failed, since the plugin gets a bare code.
hearth_status report(hearth_op* op, const Error& error);

}  // namespace hearth::plugin
