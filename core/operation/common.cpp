// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/common.hpp"

#include "core/home/machine_sleep.hpp"
#include "core/record/effective.hpp"

namespace hearth::operation {

Result<record::UserRecord> load_trusted(Operation& op) {
    HEARTH_TRY(record, op.store().load(op.user()));
    HEARTH_TRY(keys, op.keys());
    if (auto trusted = keys->require_trusted(record); !trusted) {
        return std::move(trusted).error().context("This machine's record of " + op.user() +
                                                  " cannot be trusted.");
    }
    return record;
}

/// A process that dies while it writes leaves a file of another name behind, and the next start
/// clears up after whoever left a journal.
Result<void> save_or_warn(Operation& op, const record::UserRecord& record) {
    HEARTH_TRY(left, Journal::left_behind(op.root(), op.user()));
    // One that waits for something is not to be lost, and serves as well.
    const bool alone = !left && !op.journal().is_open();
    if (alone) {
        const record::Effective effective(record, op.machine());
        HEARTH_CHECK(op.announce_opening(effective.text("storage").value_or("")));
    }
    if (auto saved = op.store().save(record, system::Durability::whole); !saved) {
        op.warn("This machine's record of " + op.user() + " could not be brought up to date.",
                saved.error());
    }
    return alone && op.journal().is_open() ? op.journal().clear() : ok();
}

Result<void> write_intent_or_warn(Operation& op, const std::string& storage) {
    if (auto written = op.write_intent(storage, system::Durability::atomic); !written) {
        op.warn("The journal could not be written; the operation goes on without it.",
                written.error());
    }
    return ok();
}

void restore_sleep_or_warn(Operation& op) {
    if (auto restored = home::restore_sleep(op.root()); !restored)
        op.warn("The machine sleeps without writing its caches to disk.", restored.error());
}

Result<void> write_intent_if_none(Operation& op, const std::string& storage) {
    HEARTH_TRY(left, Journal::left_behind(op.root(), op.user()));
    return left ? ok() : write_intent_or_warn(op, storage);
}

Result<void> announce_record(Operation& op) {
    HEARTH_TRY(left, Journal::left_behind(op.root(), op.user()));
    if (left || op.journal().is_open()) return ok();
    return op.announce_record();
}

Result<void> sign_or_check(Operation& op, record::UserRecord& record) {
    HEARTH_TRY(keys, op.keys());
    if (!record.get("signature")) {
        HEARTH_CHECK(op.store().ensure_dir());
        return keys->sign(record);
    }
    HEARTH_TRY(trust, keys->require_trusted(record));
    (void)trust;
    return ok();
}

}  // namespace hearth::operation
