// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/storage.hpp"

#include <syslog.h>

#include <cstring>

namespace hearth::plugin {
namespace {

/// The text of a fixed field, even if the plugin forgot its end.
template <std::size_t N>
std::string text_of(const char (&field)[N]) {
    return {field, ::strnlen(field, N)};
}

}  // namespace

Result<void> StorageProvider::validate(const RecordView& record) {
    if (!call_.has(&hearth_storage::validate)) return ok();
    return call_.check(call_(&hearth_storage::validate, record.handle()), "validate");
}

Result<Probe> StorageProvider::probe(int fd) {
    hearth_probe found{};
    found.struct_size = sizeof found;
    HEARTH_CHECK(call_.check(call_(&hearth_storage::probe, fd, &found), "probe"));
    if (found.certainty > HEARTH_PROBE_CERTAIN)
        return call_.broken("probe", "returned an unknown certainty");
    return Probe{found.certainty, text_of(found.label), text_of(found.user), text_of(found.realm)};
}

Result<MediumState> StorageProvider::state(const RecordView& record) {
    std::uint32_t found = UINT32_MAX;
    HEARTH_CHECK(call_.check(call_(&hearth_storage::state, record.handle(), &found), "state"));
    if (found > HEARTH_STATE_LOCKED) return call_.broken("state", "returned an unknown state");
    return static_cast<MediumState>(found);
}

Result<Usage> StorageProvider::usage(const RecordView& record, int root_fd) {
    hearth_usage found{sizeof found,        0,
                       HEARTH_UNKNOWN_SIZE, HEARTH_UNKNOWN_SIZE,
                       HEARTH_UNKNOWN_SIZE, HEARTH_UNKNOWN_SIZE,
                       HEARTH_UNKNOWN_SIZE};
    const auto status = call_(&hearth_storage::usage, record.handle(), root_fd, &found);
    HEARTH_CHECK(call_.check(status, "usage"));
    return Usage{found.size, found.used, found.free, found.floor, found.ceiling};
}

Result<void> StorageProvider::deactivate(const RecordView& record, int root_fd,
                                         hearth_flags flags) {
    const auto status = call_(&hearth_storage::deactivate, record.handle(), root_fd, flags);
    return call_.check(status, "deactivate");
}

Result<void> StorageProvider::lock(const RecordView& record) {
    return call_.check(call_(&hearth_storage::lock, record.handle()), "lock");
}

Result<void> StorageProvider::unlock(const RecordView& record) {
    return call_.check(call_(&hearth_storage::unlock, record.handle()), "unlock");
}

Result<void> StorageProvider::remove(const RecordView& record) {
    return call_.check(call_(&hearth_storage::remove, record.handle()), "remove");
}

Result<void> StorageProvider::recover(const RecordView& record, const Interrupted& what,
                                      Session* session) {
    const hearth_bytes note{what.note.data(), what.note.size()};
    const std::uint32_t mounted = what.mounted ? 1U : 0U;
    const hearth_intent intent{sizeof intent, what.verb, what.op_id, what.phase, mounted, note};
    auto* const open = session == nullptr ? nullptr : session->session_;
    const auto status = call_(&hearth_storage::recover, record.handle(), &intent, open);
    return call_.check(status, "recover");
}

Result<Session> StorageProvider::opened(hearth_status status, hearth_session* session,
                                        std::string_view function) {
    const bool success = status == HEARTH_OK;
    if (success && session == nullptr) return call_.broken(function, "succeeded without a session");
    if (!success && session != nullptr) {
        // What it handed over may be anything, but leaving it open would be worse.
        const Session stray(call_, session);
        return call_.broken(function, "failed and left a session");
    }
    HEARTH_CHECK(call_.check(status, function));
    return Session(call_, session);
}

Result<Session> StorageProvider::create(RecordView& record,
                                        std::span<const Credential> credentials) {
    const auto list = to_c(credentials);
    hearth_session* session = nullptr;
    const auto status =
        call_(&hearth_storage::create, record.handle(), list.data(), list.size(), &session);
    return opened(status, session, "create");
}

Result<Session> StorageProvider::unlock_medium(RecordView& record, hearth_flags flags) {
    hearth_session* session = nullptr;
    const auto status = call_(&hearth_storage::unlock_medium, record.handle(), flags, &session);
    return opened(status, session, "unlock_medium");
}

}  // namespace hearth::plugin
