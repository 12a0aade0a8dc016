// SPDX-License-Identifier: MIT
#pragma once

#include <hearth/host.h>
#include <hearth/host_keyring.h>
#include <hearth/host_place.h>
#include <hearth/host_record.h>
#include <hearth/host_run.h>
#include <hearth/host_secrets.h>
#include <hearth/host_state.h>

namespace hearth::sdk {

/// The host's tables, found once by the entry function. They live as long as the process.
struct Host {
    const hearth_host* core = nullptr;
    const hearth_host_record* record = nullptr;
    const hearth_host_secrets* secrets = nullptr;
    const hearth_host_place* place = nullptr;
    const hearth_host_run* run = nullptr;
    const hearth_host_keyring* keyring = nullptr;
    const hearth_host_state* state = nullptr;

    /// False: this host is not of the version that the plugin was built for.
    bool connect(const hearth_host* host) {
        if (host == nullptr || host->abi_major != HEARTH_ABI_MAJOR ||
            host->abi_minor != HEARTH_ABI_MINOR)
            return false;
        core = host;
        record = static_cast<const hearth_host_record*>(host->query(HEARTH_HOST_RECORD));
        secrets = static_cast<const hearth_host_secrets*>(host->query(HEARTH_HOST_SECRETS));
        place = static_cast<const hearth_host_place*>(host->query(HEARTH_HOST_PLACE));
        run = static_cast<const hearth_host_run*>(host->query(HEARTH_HOST_RUN));
        keyring = static_cast<const hearth_host_keyring*>(host->query(HEARTH_HOST_KEYRING));
        state = static_cast<const hearth_host_state*>(host->query(HEARTH_HOST_STATE));
        return record != nullptr && secrets != nullptr;
    }
};

/// The one instance of the plugin.
inline Host& host() {
    static Host instance;
    return instance;
}

}  // namespace hearth::sdk
