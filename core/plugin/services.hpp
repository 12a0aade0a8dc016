// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/host.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/plugin/record_view.hpp"
#include "core/secret/secrets.hpp"

namespace hearth::plugin {

/// Where the medium of a home lives: a checked folder and names in it.
struct Place {
    UniqueFd dir;
    std::string name;
    std::string temp_name;
    std::string trash_name;
};

/// Everything that a plugin can reach while it works on one operation. Filled by whoever runs the
/// operation, who keeps it alive (and at one address) until the last session is closed. Members
/// left empty make the service answer NOT_SUPPORTED, or do nothing.
struct OperationContext {
    OperationContext() = default;
    OperationContext(const OperationContext&) = delete;
    OperationContext& operator=(const OperationContext&) = delete;

    /// Journaled before the first call into a plugin.
    std::uint64_t op_id = 0;
    /// Whose home it is, for messages.
    std::string user;
    /// Becomes readable when the operation should stop; -1: it cannot be cancelled. Borrowed.
    int cancel_fd = -1;

    /// These two may be called from any thread; the others from the thread of the operation.
    std::function<void(int priority, std::string_view text)> on_log;
    std::function<void(std::uint64_t done, std::uint64_t total, std::string_view step)> on_progress;
    std::function<void(bool on)> on_critical;
    /// Puts the plugin's note into the journal; on disk when it returns.
    std::function<Result<void>(std::string_view note)> save_note;
    std::function<Result<Place>(const record::UserRecord&)> place_of;

    /// What the caller supplied; borrowed. Storage plugins do not get to see the PINs.
    const secret::Secrets* secrets = nullptr;
    /// The cached volume key of an active home; borrowed.
    const secret::Secret* volume_key = nullptr;
    /// Set around calls into authentication plugins only.
    bool pins_visible = false;

    /// The folder that holds one folder per plugin for its small store; -1: there is none.
    /// Borrowed.
    int state_dir = -1;
    /// Whose user keyring HEARTH_KEYRING_HOME_USER means.
    std::optional<uid_t> home_uid;
    std::optional<gid_t> home_gid;
    /// When the operation must be over; helper programs do not outlive it.
    std::optional<std::chrono::steady_clock::time_point> deadline;

    /// Which plugin is being called: set by StorageProvider and AuthProvider.
    std::string plugin_id;
    bool critical = false;
    /// The last explanation a plugin gave by fail(); it has gone to the log already.
    std::string last_failure;
    /// Places that were handed out; they live as long as the operation.
    std::deque<Place> places;

    [[nodiscard]] bool cancelled() const;
    void log(int priority, std::string_view text) const;

    hearth_op* handle() { return reinterpret_cast<hearth_op*>(this); }
    static OperationContext& of(hearth_op* handle) {
        return *reinterpret_cast<OperationContext*>(handle);
    }
};

/// The tables that a loaded plugin gets: one set for the whole process. `role`: HEARTH_ROLE_*,
/// `program`: for logs, a literal. The first call decides about both.
const hearth_host& host_table(std::uint32_t role, const char* program);

}  // namespace hearth::plugin
