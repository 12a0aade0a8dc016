// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/storage.h>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/plugin/services.hpp"
#include "core/plugin/session.hpp"

namespace hearth::plugin {

/// What a plugin says about its medium: HEARTH_STATE_*.
enum class MediumState : std::uint32_t {
    unknown = HEARTH_STATE_UNKNOWN,
    absent = HEARTH_STATE_ABSENT,
    inactive = HEARTH_STATE_INACTIVE,
    dirty = HEARTH_STATE_DIRTY,
    active = HEARTH_STATE_ACTIVE,
    lingering = HEARTH_STATE_LINGERING,
    locked = HEARTH_STATE_LOCKED,
};

/// Bytes; HEARTH_UNKNOWN_SIZE where the medium cannot tell.
struct Usage {
    std::uint64_t size = HEARTH_UNKNOWN_SIZE;
    std::uint64_t used = HEARTH_UNKNOWN_SIZE;
    std::uint64_t free = HEARTH_UNKNOWN_SIZE;
    std::uint64_t floor = HEARTH_UNKNOWN_SIZE;
    std::uint64_t ceiling = HEARTH_UNKNOWN_SIZE;
};

struct Probe {
    std::uint32_t certainty = HEARTH_PROBE_NO;
    std::string label;
    std::string user;
    std::string realm;
};

/// What was going on when an operation died, for recover().
struct Interrupted {
    std::uint32_t verb = 0;  // HEARTH_VERB_*
    std::uint64_t op_id = 0;
    std::uint32_t phase = HEARTH_PHASE_BEGUN;
    bool mounted = false;
    std::string_view note;
};

/// The C++ face of a loaded hearth_storage for one operation. Failures come back in core's words,
/// with ids storage-<code> ("storage-bad-secret", "storage-no-space", ...); what the plugin itself
/// had to say is in the log. A plugin that breaks its contract gives plugin-contract
/// (Code::internal). Borrows the table and the operation.
class StorageProvider {
  public:
    StorageProvider(const hearth_storage& table, std::string plugin_id, OperationContext& op)
        : call_(table, std::move(plugin_id), op, "storage") {}

    /// The plugin is a built-in one: its own words say the cause of a failure. For the sessions
    /// that are opened from now on, too.
    void quote() { call_.quoted = true; }

    [[nodiscard]] const char* name() const { return call_.table->name; }
    [[nodiscard]] const std::string& plugin_id() const { return call_.plugin_id; }
    [[nodiscard]] OperationContext& operation() const { return *call_.op; }

    Result<void> validate(const RecordView& record);
    Result<Probe> probe(int fd);
    Result<MediumState> state(const RecordView& record);
    Result<Usage> usage(const RecordView& record, int root_fd = -1);
    Result<void> deactivate(const RecordView& record, int root_fd, hearth_flags flags);
    Result<void> lock(const RecordView& record);
    Result<void> unlock(const RecordView& record);
    Result<void> remove(const RecordView& record);
    Result<void> recover(const RecordView& record, const Interrupted& what,
                         Session* session = nullptr);

    /// The record is borrowed by the session until it ends.
    Result<Session> create(RecordView& record, std::span<const Credential> credentials);
    Result<Session> unlock_medium(RecordView& record, hearth_flags flags = 0);

  private:
    Result<Session> opened(hearth_status status, hearth_session* session,
                           std::string_view function);

    StorageCall call_;
};

}  // namespace hearth::plugin
