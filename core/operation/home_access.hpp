// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/operation/operation.hpp"
#include "core/plugin/record_view.hpp"
#include "core/record/effective.hpp"
#include "core/record/reconcile.hpp"
#include "core/system/files.hpp"

namespace hearth::operation {

/// One home that an operation has in its hands: its record, its medium, and the way into its files.
///
/// Destroyed without close(), the medium is as it was before. Stays at one address: plugins borrow
/// the record.
class HomeAccess {
  public:
    HomeAccess(Operation& op, record::UserRecord host_record);
    HomeAccess(const HomeAccess&) = delete;
    HomeAccess& operator=(const HomeAccess&) = delete;

    /// The host's record, or after reconcile() the newer one of the two.
    [[nodiscard]] record::UserRecord& record() { return record_; }
    [[nodiscard]] plugin::RecordView& view() { return view_; }
    [[nodiscard]] record::Effective effective() const { return {record_, op_.machine()}; }
    [[nodiscard]] std::string storage_name() const;

    /// Is the home at its final place? Errors: those of home_directory_of().
    Result<bool> is_active();
    /// Errors: home-active, home-not-active; home-locked instead of both.
    Result<void> require_inactive();
    Result<void> require_active();
    /// Would whoever touches its files wait until it is unlocked? Errors: home-locked.
    Result<void> require_unlocked();
    /// Can the storage lock homes? `done` is for the message: "locked". Errors:
    /// storage-cannot-lock.
    Result<void> require_lockable(const std::string& done);

    /// The plugin for the record's storage; loads it when first asked for.
    Result<plugin::StorageProvider*> provider();

    /// Opens the medium as far as its files (an inactive home), or the home directory (an active
    /// one). Finishes what an earlier operation left that needs this. Errors: bad-secret,
    /// password-needed, home-locked, those of the plugin.
    Result<void> open();
    /// Makes a new medium and opens it the same way; it gets its place only with close(COMMIT).
    Result<void> create();
    /// The home's top folder as the medium has it; -1 before open().
    [[nodiscard]] int root_fd() const;
    [[nodiscard]] const plugin::Root& root() const { return root_; }
    /// The open medium; an active home's is unlocked a second time when this is first asked for.
    Result<plugin::Session*> medium();

    /// Unmounts the medium of an inactive home, which stays unlocked, and mounts it again. One that
    /// is a plain folder has nothing to unmount: neither does anything.
    Result<void> leave();
    Result<void> enter_again();

    /// Reads the record inside, checks its signature and takes the newer of the two; neither is
    /// written.
    Result<void> reconcile(record::ReconcileMode mode);
    /// The record inside: the newer one of those that the medium keeps, with its signature checked.
    /// Nothing: there is none. Errors: record-*.
    Result<std::optional<record::UserRecord>> record_inside();
    /// Was one of the records that reconcile() has seen another one?
    [[nodiscard]] bool records_differed() const { return records_differed_; }
    /// Is the record inside another one than record()?
    [[nodiscard]] bool embedded_is_stale() const { return embedded_is_stale_; }
    /// Writes record() to where the medium keeps it: the sealed header, and `.identity`, on disk
    /// when this returns unless the caller syncs the home as a whole.
    Result<void> write_embedded(system::Durability durability = system::Durability::synced);

    /// Ends the session, if there is one: HEARTH_CLOSE_*. Unmounts the medium unless it stays
    /// active.
    Result<void> close(std::uint32_t disposition);
    void roll_back();

  private:
    Result<void> open_active();
    Result<void> open_medium();
    Result<void> unlock_medium();
    Result<void> make_medium();
    Result<void> announce_opening();
    Result<void> check_header();
    Result<void> close_session(std::uint32_t disposition);
    Result<void> mount_medium();
    Result<void> open_folder();
    Result<bool> lends_key_after(const Error& failure);
    Result<std::optional<record::UserRecord>> read_embedded();

    Operation& op_;
    record::UserRecord record_;
    plugin::RecordView view_;
    std::optional<plugin::StorageProvider> provider_;
    std::optional<plugin::Session> session_;
    plugin::Root root_;
    UniqueFd folder_;
    /// The record in the medium's header.
    std::optional<record::UserRecord> sealed_;
    bool is_mounted_ = false;
    bool has_marked_ = false;
    bool embedded_is_stale_ = false;
    bool records_differed_ = false;
};

}  // namespace hearth::operation
