// SPDX-License-Identifier: MIT
#pragma once

#include <hearth/storage.h>
#include <hearth/sdk/op.hpp>
#include <hearth/sdk/unique_fd.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

// What a storage plugin derives from. storage.h says when each function is called and what it has
// to do. Functions that a class does not override are absent from its table, so that the host knows
// what it cannot do.

namespace hearth::sdk {

using Credentials = std::span<const hearth_credential>;

/// One open medium: made by create() and unlock_medium(), destroyed after close(), whatever close()
/// returned.
class Session {
  public:
    Session() = default;
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    virtual ~Session() = default;

    /// Fills `root`, whose fd and subdir stay the session's.
    virtual Result<void> mount(Op op, hearth_root& root) = 0;
    virtual Result<void> unmount(Op op) = 0;
    /// `disposition`: HEARTH_CLOSE_*.
    virtual Result<void> close(Op op, std::uint32_t disposition) = 0;

    virtual Result<std::string> header_load(Op) { return absent(); }
    virtual Result<void> header_store(Op, std::string_view) { return absent(); }
    /// `actual` starts as 0 and gets the size afterwards, on failure too.
    virtual Result<void> resize(Op, int /*root_fd*/, std::uint64_t /*bytes*/, hearth_flags,
                                std::uint64_t& /*actual*/) {
        return absent();
    }
    virtual Result<void> rekey_prepare(Op, Credentials) { return absent(); }
    virtual Result<void> rekey_finish(Op, bool /*commit*/) { return absent(); }

  protected:
    static Error absent() { return Error(HEARTH_E_NOT_SUPPORTED, "this storage cannot do that"); }
};

/// The provider itself: one object for the whole process, without state of its own.
///
/// A subclass declares `static constexpr const char* kName = HEARTH_PLUGIN_STORAGE;` (from
/// hearth_manifest.h) and `using SessionType = MySession;`.
class Storage {
  public:
    Storage() = default;
    Storage(const Storage&) = delete;
    Storage& operator=(const Storage&) = delete;
    virtual ~Storage() = default;

    /// HEARTH_STATE_*.
    virtual Result<std::uint32_t> state(Op op, const Record& record) = 0;
    virtual Result<void> deactivate(Op op, const Record& record, int root_fd,
                                    hearth_flags flags) = 0;
    virtual Result<void> remove(Op op, const Record& record) = 0;
    virtual Result<void> recover(Op op, const Record& record, const hearth_intent& intent,
                                 Session* session_or_null) = 0;
    virtual Result<std::unique_ptr<Session>> create(Op op, WritableRecord record,
                                                    Credentials credentials) = 0;
    virtual Result<std::unique_ptr<Session>> unlock_medium(Op op, WritableRecord record,
                                                           hearth_flags flags) = 0;

    virtual Result<void> validate(Op, const Record&) { return absent(); }
    /// `out` starts as "not mine".
    virtual Result<void> probe(Op, int /*fd*/, hearth_probe& /*out*/) { return absent(); }
    /// `out` starts with all sizes unknown.
    virtual Result<void> usage(Op, const Record&, int /*root_fd*/, hearth_usage& /*out*/) {
        return absent();
    }
    virtual Result<void> lock(Op, const Record&) { return absent(); }
    virtual Result<void> unlock(Op, const Record&) { return absent(); }

  protected:
    static Error absent() { return Error(HEARTH_E_NOT_SUPPORTED, "this storage cannot do that"); }
};

}  // namespace hearth::sdk
