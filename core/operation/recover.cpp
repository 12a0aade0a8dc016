// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/recover.hpp"

#include <syslog.h>

#include "core/operation/embedded.hpp"
#include "core/operation/home_access.hpp"
#include "core/operation/leftovers.hpp"
#include "core/operation/operation.hpp"
#include "core/operation/place.hpp"

namespace hearth::operation {

namespace {

/// One interrupted operation and what can be known about it now.
struct Case {
    Operation& op;
    Intent intent;
    HomeAccess home;
    bool mounted = false;

    [[nodiscard]] plugin::Interrupted facts() const {
        plugin::Interrupted out;
        out.verb = static_cast<std::uint32_t>(intent.verb);
        out.op_id = intent.op_id;
        out.phase = static_cast<std::uint32_t>(intent.phase);
        out.mounted = mounted;
        out.note = intent.note;
        return out;
    }
};

Result<plugin::MediumState> let_plugin_recover(Case& c) {
    HEARTH_TRY(storage, c.home.provider());
    auto result = storage->recover(c.home.view(), c.facts());
    if (!result && result.error().code() != Code::not_supported) return std::move(result).error();
    return storage->state(c.home.view());
}

void clear_target(Case& c) {
    if (c.mounted) return;
    if (auto target = home_directory_of(c.op, c.home.record())) remove_target(*target);
}

/// The medium decides: in its place it is whole, and the record is written; otherwise nothing of
/// the home stays.
Result<void> recover_create(Case& c) {
    HEARTH_TRY(state, let_plugin_recover(c));
    const bool complete = state != plugin::MediumState::absent && c.intent.phase != Phase::begun;
    if (complete) return c.op.store().save(c.home.record());
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
    HEARTH_TRY(storage, c.home.provider());
    HEARTH_CHECK(storage->deactivate(c.home.view(), -1, 0));
    HEARTH_TRY(state, let_plugin_recover(c));
    (void)state;
    clear_target(c);
    return ok();
}

/// The copy inside follows the host's record, which says by its date whether the change was made.
Result<void> rewrite_embedded(Case& c) {
    HEARTH_CHECK(c.home.open());
    sweep_embedded(c.home.root_fd());
    HEARTH_CHECK(c.home.write_embedded());
    return c.home.close(HEARTH_CLOSE_COMMIT);
}

Result<void> recover_replaced_record(Case& c) {
    const bool recorded = c.home.record().last_change_usec() == c.intent.change_usec;
    if (recorded) c.intent.phase = Phase::recorded;
    HEARTH_TRY(state, let_plugin_recover(c));
    (void)state;
    if (!recorded) return ok();
    auto rewritten = rewrite_embedded(c);
    if (rewritten || rewritten.error().code() != Code::no_space) return rewritten;
    // Whoever has used up the home must still get into it; the next activation tries again.
    c.op.warn("There is no room in the home for the new copy of its record.", rewritten.error());
    return ok();
}

Result<void> recover_remove(Case& c) {
    HEARTH_TRY(state, let_plugin_recover(c));
    if (state != plugin::MediumState::absent) return ok();
    clear_target(c);
    return c.op.store().remove(c.op.user());
}

Result<void> recover_adopt(Case& c) {
    HEARTH_TRY(state, let_plugin_recover(c));
    (void)state;
    return ok();
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
    auto record = record_of(op, intent);
    // remove: the record goes last, so without it the removal is complete but for the journal.
    if (!record) return ok();
    Case c{op, std::move(intent), HomeAccess(op, std::move(*record)), false};
    HEARTH_TRY(mounted, c.home.is_active());
    c.mounted = mounted;
    return recover_case(c);
}

}  // namespace

Result<void> recover_left_behind(Operation& op) {
    HEARTH_TRY(left, Journal::left_behind(op.root(), op.user()));
    if (!left) {
        if (op.verb() == Verb::recover) sweep_state(op.root(), op.user());
        return ok();
    }
    op.channel().log(LOG_NOTICE, "An interrupted operation is being finished or undone: " +
                                     std::string(to_text(left->verb)) + " of " + op.user());
    const std::uint64_t own_id = op.context().op_id;
    op.context().op_id = left->op_id;
    auto result = recover_intent(op, std::move(*left));
    op.context().op_id = own_id;
    if (!result && result.error().code() == Code::recover_at_open) return ok();
    if (!result) {
        return std::move(result).error().context(
            "The home of " + op.user() +
            " could not be brought back from an interrupted operation.");
    }
    sweep_state(op.root(), op.user());
    return Journal(op.root(), op.user()).clear();
}

}  // namespace hearth::operation
