// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/home_access.hpp"

#include <cerrno>

#include "core/home/state.hpp"
#include "core/operation/credentials.hpp"
#include "core/operation/dirty_mark.hpp"
#include "core/operation/embedded.hpp"
#include "core/operation/key_work.hpp"
#include "core/operation/opening_cost.hpp"
#include "core/operation/place.hpp"
#include "core/operation/recover.hpp"
#include "core/operation/root_guard.hpp"
#include "core/system/files.hpp"
#include "core/system/mounts.hpp"

namespace hearth::operation {

namespace {

hearth_flags unlock_flags(Verb verb) {
    if (verb == Verb::repair) return HEARTH_UNLOCK_REPAIR;
    return verb == Verb::rebalance ? HEARTH_UNLOCK_ACTIVE : 0;
}

}  // namespace

HomeAccess::HomeAccess(Operation& op, record::UserRecord host_record)
    : op_(op), record_(std::move(host_record)), view_(record_, op.machine()) {}

std::string HomeAccess::storage_name() const {
    return effective().text("storage").value_or("");
}

Result<bool> HomeAccess::is_active() {
    auto target = home_directory_of(op_, record_);
    if (!target && target.error().code() == Code::home_absent) return false;
    if (!target) return std::move(target).error();
    return system::is_mount_point(target->dir.get(), target->name);
}

Result<void> HomeAccess::require_inactive() {
    HEARTH_CHECK(require_unlocked());
    HEARTH_TRY(active, is_active());
    if (!active) return ok();
    return Error(Code::home_active, "home-active",
                 "The home of " + record_.user_name() + " is active.")
        .why("It is mounted at " + effective().home_directory() + ".")
        .hint("Deactivate it first with: homectl deactivate " + record_.user_name());
}

Result<void> HomeAccess::require_active() {
    HEARTH_CHECK(require_unlocked());
    HEARTH_TRY(active, is_active());
    if (active) return ok();
    return Error(Code::home_not_active, "home-not-active",
                 "The home of " + record_.user_name() + " is not active.")
        .hint("Activate it with: homectl activate " + record_.user_name());
}

Result<void> HomeAccess::require_unlocked() {
    if (home::state_of(effective(), op_.root()) != home::State::locked) return ok();
    return home::locked_error(record_.user_name());
}

Result<void> HomeAccess::require_lockable(const std::string& done) {
    HEARTH_TRY(found, op_.find_storage(storage_name()));
    if (found.manifest->has("lock")) return ok();
    return Error(Code::not_supported, "storage-cannot-lock",
                 "The home of " + record_.user_name() + " cannot be " + done + ".")
        .why("Its storage, " + storage_name() + ", has no key that could leave the kernel.")
        .hint("Deactivate it instead with: homectl deactivate " + record_.user_name());
}

Result<plugin::StorageProvider*> HomeAccess::provider() {
    if (!provider_) {
        HEARTH_TRY(loaded, op_.provider(storage_name()));
        const auto uid =
            static_cast<uid_t>(effective().number("uid").value_or(HEARTH_OWNER_NOBODY));
        op_.context().home_uid = uid;
        op_.context().home_gid = static_cast<gid_t>(uid);
        provider_.emplace(std::move(loaded));
    }
    return &*provider_;
}

Result<void> HomeAccess::open() {
    HEARTH_TRY(active, is_active());
    HEARTH_CHECK(require_unlocked());
    HEARTH_CHECK(active ? open_active() : open_medium());
    return op_.waits_for_opening() ? finish_at_opening(op_, *this) : ok();
}

Result<void> HomeAccess::open_active() {
    HEARTH_TRY(target, home_directory_of(op_, record_));
    HEARTH_TRY(folder, system::open_dir_at(target.dir.get(), target.name));
    folder_ = std::move(folder);
    return ok();
}

Result<plugin::Session*> HomeAccess::medium() {
    if (!session_) HEARTH_CHECK(unlock_medium());
    return &*session_;
}

Result<void> HomeAccess::unlock_medium() {
    HEARTH_CHECK(check_image(op_, record_, Image::present));
    HEARTH_CHECK(ask_tokens(op_, record_));
    HEARTH_TRY(storage, provider());
    const OpeningCost cost;
    const KeyWork work(op_, storage_name());
    auto session = storage->unlock_medium(view_, unlock_flags(op_.verb()));
    if (!session && session.error().code() == Code::bad_secret) return refusal(op_, record_);
    if (!session) return std::move(session).error();
    session_.emplace(std::move(session).value());
    cost.warn_if_dear(op_);
    return ok();
}

Result<void> HomeAccess::make_medium() {
    HEARTH_TRY(storage, provider());
    HEARTH_TRY(found, op_.find_storage(storage_name()));
    const bool has_keys = found.manifest->credentials == plugin::Credentials::slots;
    std::vector<plugin::Credential> credentials;
    if (has_keys) {
        HEARTH_TRY(all, all_credentials_for(op_, record_));
        credentials = std::move(all);
    } else {
        credentials = credentials_for(op_, record_);
    }
    const KeyWork work(op_, storage_name());
    HEARTH_TRY(session, storage->create(view_, credentials));
    session_.emplace(std::move(session));
    return ok();
}

Result<void> HomeAccess::create() {
    HEARTH_CHECK(check_image(op_, record_, Image::absent));
    HEARTH_CHECK(make_medium());
    HEARTH_CHECK(mount_medium());
    return check_new_root(folder_.get());
}

Result<void> HomeAccess::open_medium() {
    HEARTH_TRY(session, medium());
    (void)session;
    HEARTH_CHECK(announce_opening());
    HEARTH_CHECK(check_header());
    has_marked_ = mark_dirty(op_, record_);
    return mount_medium();
}

/// The key of an encrypted home stays in the kernel if this process dies; whoever comes next has to
/// know. A journal that is there already will do: all of them close the home.
Result<void> HomeAccess::announce_opening() {
    HEARTH_TRY(found, op_.find_storage(storage_name()));
    if (!found.manifest->has("encrypted")) return ok();
    HEARTH_TRY(left, Journal::left_behind(op_.root(), op_.user()));
    return left ? ok() : op_.announce_opening(storage_name());
}

/// The signature decides before a file system that may be a stranger's is mounted.
Result<void> HomeAccess::check_header() {
    if (!session_->has_header()) return ok();
    HEARTH_TRY(text, session_->header_load());
    HEARTH_TRY(sealed, read_sealed(op_, record_, text));
    sealed_ = std::move(sealed);
    return ok();
}

Result<void> HomeAccess::mount_medium() {
    HEARTH_TRY(root, session_->mount());
    root_ = std::move(root);
    is_mounted_ = true;
    HEARTH_CHECK(open_folder());
    return check_home_root(op_, record_, folder_.get());
}

/// The top folder itself, opened for reading: what a plugin hands over may be an O_PATH descriptor.
Result<void> HomeAccess::open_folder() {
    HEARTH_TRY(folder, root_.subdir.empty() ? system::reopen_dir(root_.fd)
                                            : system::open_dir_at(root_.fd, root_.subdir));
    folder_ = std::move(folder);
    return ok();
}

Result<void> HomeAccess::leave() {
    if (!is_mounted_ || !root_.detached_mount) return ok();
    folder_.reset();
    is_mounted_ = false;
    return session_->unmount();
}

Result<void> HomeAccess::enter_again() {
    return session_ && !is_mounted_ && !folder_ ? mount_medium() : ok();
}

int HomeAccess::root_fd() const {
    return folder_.get();
}

Result<void> HomeAccess::reconcile(record::ReconcileMode mode) {
    HEARTH_TRY(inside, record_inside());
    if (!inside) return ok();
    HEARTH_TRY(merged, record::reconcile(record_, *inside, mode));
    if (merged.winner == record::Winner::host) embedded_is_stale_ = true;
    records_differed_ = embedded_is_stale_ || merged.winner != record::Winner::identical;
    if (merged.winner == record::Winner::other) record_ = std::move(merged.record);
    return ok();
}

/// Two copies that differ are both written anew: whoever wrote one of them did not get to the
/// other.
Result<std::optional<record::UserRecord>> HomeAccess::record_inside() {
    HEARTH_TRY(embedded, read_embedded());
    embedded_is_stale_ = !embedded;
    if (!sealed_) return embedded;
    if (!embedded) return std::optional(sealed_->clone());
    HEARTH_TRY(merged, record::reconcile(*sealed_, *embedded, record::ReconcileMode::any));
    embedded_is_stale_ = merged.winner != record::Winner::identical;
    return std::optional(std::move(merged.record));
}

/// An active home may be encrypted with a key that only its user's processes have: then the medium,
/// once it is unlocked, lends it to this one, and it is worth another try.
Result<bool> HomeAccess::lends_key_after(const Error& failure) {
    if (session_ || failure.sys_errno() != ENOKEY) return false;
    HEARTH_TRY(unlocked, medium());
    (void)unlocked;
    return true;
}

Result<std::optional<record::UserRecord>> HomeAccess::read_embedded() {
    auto embedded = load_embedded(op_, root_fd());
    if (embedded) return embedded;
    HEARTH_TRY(again, lends_key_after(embedded.error()));
    return again ? load_embedded(op_, root_fd()) : std::move(embedded);
}

Result<void> HomeAccess::write_embedded(system::Durability durability) {
    if (session_ && session_->has_header()) {
        auto travelling = record_.with_sections(record::Sections::embedded);
        HEARTH_CHECK(session_->header_store(travelling.canonical()));
        sealed_ = std::move(travelling);
    }
    auto stored = store_embedded(root_fd(), record_, durability);
    if (!stored) {
        HEARTH_TRY(again, lends_key_after(stored.error()));
        if (!again) return stored;
        HEARTH_CHECK(store_embedded(root_fd(), record_, durability));
    }
    embedded_is_stale_ = false;
    return ok();
}

Result<void> HomeAccess::close(std::uint32_t disposition) {
    folder_.reset();
    if (!session_) return ok();
    auto result = close_session(disposition);
    session_.reset();
    // Whoever keeps the home open leaves the mark to those who close it.
    if (result && has_marked_ && disposition != HEARTH_CLOSE_KEEP_ACTIVE) {
        clear_dirty(op_, record_);
    }
    return result;
}

Result<void> HomeAccess::close_session(std::uint32_t disposition) {
    if (is_mounted_ && disposition != HEARTH_CLOSE_KEEP_ACTIVE) HEARTH_CHECK(session_->unmount());
    return session_->close(disposition);
}

void HomeAccess::roll_back() {
    if (auto result = close(HEARTH_CLOSE_ROLLBACK); !result) {
        op_.warn("The medium could not be closed.", result.error());
    }
}

}  // namespace hearth::operation
