// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/recover.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <syslog.h>

#include <utility>

#include "core/operation/common.hpp"
#include "core/operation/dirty_mark.hpp"
#include "core/operation/embedded.hpp"
#include "core/operation/home_access.hpp"
#include "core/operation/leftovers.hpp"
#include "core/operation/operation.hpp"
#include "core/operation/place.hpp"
#include "core/operation/record_files.hpp"
#include "core/operation/removal.hpp"

namespace hearth::operation {

namespace {

/// One interrupted operation and what can be known about it now.
struct Case {
    Operation& op;
    Intent intent;
    HomeAccess home;
    bool mounted = false;
};

/// As the plugin gets it; borrows the note.
plugin::Interrupted facts_of(const Intent& intent, bool mounted) {
    plugin::Interrupted out;
    out.verb = static_cast<std::uint32_t>(intent.verb);
    out.op_id = intent.op_id;
    out.phase = static_cast<std::uint32_t>(intent.phase);
    out.mounted = mounted;
    out.note = intent.note;
    return out;
}

Result<plugin::MediumState> let_plugin_recover(Case& c) {
    HEARTH_TRY(storage, c.home.provider());
    auto result = storage->recover(c.home.view(), facts_of(c.intent, c.mounted));
    if (!result && result.error().code() != Code::not_supported) return std::move(result).error();
    return storage->state(c.home.view());
}

void clear_target(Case& c) {
    if (c.mounted) return;
    if (auto target = home_directory_of(c.op, c.home.record())) remove_target(*target);
}

/// The medium gets its final name in one step: as long as it has the temporary one, what has the
/// final one is somebody else's. The journal says so before the plugin removes the temporary one.
Result<void> see_whether_it_was_named(Case& c) {
    if (c.intent.phase == Phase::begun) return ok();
    const auto place = place_of(c.op, c.home.record());
    struct stat info {};
    if (!place ||
        ::fstatat(place->dir.get(), place->temp_name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0)
        return ok();
    c.intent.phase = Phase::begun;
    Intent again;
    again.op_id = c.intent.op_id;
    again.verb = c.intent.verb;
    again.user = c.intent.user;
    again.storage = c.intent.storage;
    again.record = c.home.record().clone();
    again.note = c.intent.note;
    return Journal(c.op.root(), c.op.user()).begin(std::move(again), system::Durability::synced);
}

/// The medium decides: in its place it is whole, and the record is written; otherwise nothing of
/// the home stays.
Result<void> recover_create(Case& c) {
    HEARTH_CHECK(see_whether_it_was_named(c));
    HEARTH_TRY(state, let_plugin_recover(c));
    const bool complete = state != plugin::MediumState::absent && c.intent.phase != Phase::begun;
    if (complete) return c.op.store().save(c.home.record());
    // A home that was to be made of a record that is here keeps its files.
    drop_files_without_record(c.op);
    return ok();
}

Result<void> recover_activate(Case& c) {
    HEARTH_TRY(state, let_plugin_recover(c));
    (void)state;
    clear_target(c);
    return ok();
}

Result<void> recover_deactivate(Case& c) {
    if (c.mounted) return ok();
    clear_target(c);
    HEARTH_TRY(storage, c.home.provider());
    HEARTH_CHECK(storage->deactivate(c.home.view(), -1, HEARTH_DEACTIVATE_NO_RESIZE));
    clear_dirty(c.op, c.home.record());
    HEARTH_TRY(state, let_plugin_recover(c));
    (void)state;
    return ok();
}

/// The copy inside follows the host's record, which says by its date whether the change was made.
Result<void> rewrite_embedded(Case& c) {
    HEARTH_CHECK(c.home.open());
    sweep_embedded(c.home.root_fd());
    HEARTH_CHECK(c.home.write_embedded());
    return c.home.close(HEARTH_CLOSE_COMMIT);
}

Result<void> bring_copy_up_to_date(Case& c) {
    auto rewritten = rewrite_embedded(c);
    if (rewritten) return rewritten;
    if (rewritten.error().code() == Code::bad_secret)
        return Error(Code::recover_at_open, "recover-at-open",
                     "The copy of the record inside the home waits until the home is opened.");
    if (rewritten.error().code() != Code::no_space) return rewritten;
    // Whoever has used up the home must still get into it; the next activation tries again.
    c.op.warn("There is no room in the home for the new copy of its record.", rewritten.error());
    return ok();
}

bool was_recorded(const Intent& intent, const record::UserRecord& host) {
    return host.last_change_usec() == intent.change_usec;
}

Result<void> recover_replaced_record(Case& c) {
    const bool recorded = was_recorded(c.intent, c.home.record());
    if (recorded) c.intent.phase = Phase::recorded;
    // Before the plugin drops old keys: until then they open the record inside, and only they.
    if (recorded && c.mounted) HEARTH_CHECK(bring_copy_up_to_date(c));
    HEARTH_TRY(state, let_plugin_recover(c));
    (void)state;
    return recorded && !c.mounted ? bring_copy_up_to_date(c) : ok();
}

Result<void> recover_remove(Case& c) {
    HEARTH_TRY(state, let_plugin_recover(c));
    if (state != plugin::MediumState::absent) {
        if (c.intent.phase == Phase::begun || c.mounted) return ok();
        HEARTH_CHECK(check_removable(c.op, c.home));
        HEARTH_CHECK(remove_medium(c.home));
    }
    clear_target(c);
    drop_files(c.op);
    return c.op.store().remove(c.op.user());
}

Result<void> recover_adopt(Case& c) {
    HEARTH_TRY(state, let_plugin_recover(c));
    (void)state;
    return ok();
}

/// Half locked is locked: the key goes from a medium that is suspended.
Result<void> recover_lock(Case& c) {
    HEARTH_TRY(state, let_plugin_recover(c));
    (void)state;
    restore_sleep_or_warn(c.op);
    return ok();
}

/// Everything but locking waits until the files of the home can be touched again.
Result<void> wait_for_unlocking(Case& c) {
    if (c.intent.verb == Verb::lock || c.intent.verb == Verb::unlock) return ok();
    if (c.home.require_unlocked()) return ok();
    return Error(Code::lingering, "home-locked", "The journal waits until the home is unlocked.");
}

Result<void> recover_case(Case& c) {
    switch (c.intent.verb) {
        case Verb::create:
            return recover_create(c);
        case Verb::activate:
            return recover_activate(c);
        case Verb::deactivate:
            return recover_deactivate(c);
        case Verb::update:
        case Verb::passwd:
        case Verb::resize:
            return recover_replaced_record(c);
        case Verb::remove:
            return recover_remove(c);
        case Verb::adopt:
            return recover_adopt(c);
        case Verb::lock:
        case Verb::unlock:
            return recover_lock(c);
        default:
            return ok();
    }
}

/// The record that the interrupted operation was about: its own, or the host's; nothing when both
/// are gone.
std::optional<record::UserRecord> record_of(Operation& op, Intent& intent) {
    if (intent.record) return std::move(intent.record);
    if (auto host = op.store().load(op.user())) return std::move(host).value();
    return std::nullopt;
}

Result<void> recover_intent(Operation& op, Intent intent) {
    // Only a record was written, which was there at once or is not there.
    if (intent.verb == Verb::register_home) {
        drop_files_without_record(op);
        return ok();
    }
    auto record = record_of(op, intent);
    // remove: the record goes last, so without it the removal is complete but for the journal.
    if (!record) return ok();
    Case c{op, std::move(intent), HomeAccess(op, std::move(*record)), false};
    HEARTH_CHECK(wait_for_unlocking(c));
    HEARTH_TRY(mounted, c.home.is_active());
    c.mounted = mounted;
    return recover_case(c);
}

/// For plugins the operation is, for a while, the one that was interrupted.
class InsteadOf {
  public:
    InsteadOf(plugin::OperationContext& context, std::uint64_t op_id,
              const secret::Secrets* secrets)
        : context_(context),
          op_id_(std::exchange(context.op_id, op_id)),
          secrets_(std::exchange(context.secrets, secrets)) {}
    InsteadOf(const InsteadOf&) = delete;
    InsteadOf& operator=(const InsteadOf&) = delete;
    ~InsteadOf() {
        context_.op_id = op_id_;
        context_.secrets = secrets_;
    }

  private:
    plugin::OperationContext& context_;
    std::uint64_t op_id_;
    const secret::Secrets* secrets_;
};

/// The record inside first, then the keys, as the interrupted operation would have done it.
Result<void> finish_in_home(Operation& op, HomeAccess& home, Intent intent) {
    HEARTH_TRY(medium, home.medium());
    HEARTH_TRY(mounted, home.is_active());
    if (was_recorded(intent, home.record())) {
        intent.phase = Phase::recorded;
        sweep_embedded(home.root_fd());
        // Changed on another machine meanwhile, the copy inside is the newer one and stays.
        HEARTH_CHECK(home.reconcile(record::ReconcileMode::any));
        if (home.embedded_is_stale()) HEARTH_CHECK(home.write_embedded());
    }
    const InsteadOf earlier(op.context(), intent.op_id, op.context().secrets);
    HEARTH_TRY(storage, home.provider());
    return storage->recover(home.view(), facts_of(intent, mounted), medium);
}

}  // namespace

Result<void> finish_at_opening(Operation& op, HomeAccess& home) {
    op.wait_for_opening(false);
    HEARTH_TRY(left, Journal::left_behind(op.root(), op.user()));
    if (!left) return ok();
    if (auto finished = finish_in_home(op, home, std::move(*left)); !finished) {
        op.warn("An interrupted change of this home could not be finished.", finished.error());
        return ok();
    }
    sweep_state(op.root(), op.user());
    HEARTH_TRY(active, home.is_active());
    // In one step: until this operation ends, the home that it has opened is to be closed.
    return active ? Journal(op.root(), op.user()).clear()
                  : op.announce_opening(home.storage_name());
}

Result<void> recover_left_behind(Operation& op) {
    HEARTH_TRY(left, Journal::left_behind(op.root(), op.user()));
    if (!left) {
        if (op.verb() != Verb::recover) return ok();
        sweep_state(op.root(), op.user());
        // One that a power cut emptied is left by nobody.
        return Journal(op.root(), op.user()).clear();
    }
    op.channel().log(LOG_NOTICE, "An interrupted operation is being finished or undone: " +
                                     std::string(to_text(left->verb)) + " of " + op.user());
    Result<void> result = ok();
    {
        const InsteadOf earlier(op.context(), left->op_id, nullptr);
        result = recover_intent(op, std::move(*left));
    }
    op.wait_for_opening(!result && result.error().code() == Code::recover_at_open);
    if (op.waits_for_opening()) return ok();
    if (!result && result.error().code() == Code::lingering) return ok();
    if (!result) {
        return std::move(result).error().context(
            "The home of " + op.user() +
            " could not be brought back from an interrupted operation.");
    }
    sweep_state(op.root(), op.user());
    return Journal(op.root(), op.user()).clear();
}

}  // namespace hearth::operation
