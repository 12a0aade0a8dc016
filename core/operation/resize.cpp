// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/common.hpp"
#include "core/operation/home_access.hpp"
#include "core/operation/replace_record.hpp"
#include "core/operation/size.hpp"
#include "core/operation/verbs.hpp"
#include "core/record/machine_edit.hpp"

namespace hearth::operation {

namespace {

/// A size that a person chose is not to be changed by dividing the disk anew.
void record_size(Operation& op, record::UserRecord& next, std::uint64_t bytes) {
    next.remove("signature");
    record::set_for_machine(next, op.machine(),
                            {{"diskSize", record::Value(bytes)},
                             {"diskSizeRelative", std::nullopt},
                             {"rebalanceWeight", record::Value(std::uint64_t{0})}});
}

/// The medium gets its size before the records say so: they say what came out.
class MediumSize final : public MediumChange {
  public:
    explicit MediumSize(Operation& op) : op_(op) {}

    Result<bool> needs_journal(HomeAccess& /*home*/) override { return true; }
    Result<void> prepare(HomeAccess& home, record::UserRecord& next) override {
        HEARTH_TRY(goal, choose(home));
        auto actual = change(home, goal);
        if (!actual) {
            // A part of it may have happened.
            (void)finish(home, false);
            return std::move(actual).error();
        }
        record_size(op_, next, *actual);
        return ok();
    }

    /// Undone as after a crash: the host's record still has the old size.
    Result<void> finish(HomeAccess& home, bool commit) override {
        if (commit) return ok();
        HEARTH_TRY(storage, home.provider());
        HEARTH_TRY(active, home.is_active());
        plugin::Interrupted self;
        self.verb = HEARTH_VERB_RESIZE;
        self.op_id = op_.context().op_id;
        self.phase = HEARTH_PHASE_BEGUN;
        self.mounted = active;
        return storage->recover(home.view(), self);
    }

  private:
    /// An inactive home is taken out of the way, so that its medium is free to move what is in it.
    Result<std::uint64_t> change(HomeAccess& home, const SizeGoal& goal) {
        HEARTH_TRY(medium, home.medium());
        HEARTH_TRY(active, home.is_active());
        if (active) return medium->resize(home.root_fd(), goal.bytes, goal.flags);
        HEARTH_CHECK(home.leave());
        auto actual = medium->resize(-1, goal.bytes, goal.flags);
        HEARTH_CHECK(home.enter_again());
        return actual;
    }

    Result<SizeGoal> choose(HomeAccess& home) {
        HEARTH_TRY(storage, home.provider());
        HEARTH_TRY(found, op_.find_storage(home.storage_name()));
        HEARTH_TRY(active, home.is_active());
        HEARTH_TRY(usage, storage->usage(home.view(), home.root_fd()));
        HEARTH_TRY(goal, choose_size(asked(usage), home.effective(), usage));
        HEARTH_CHECK(check_can_resize(*found.manifest, op_.user(), active, usage, goal));
        return goal;
    }

    [[nodiscard]] std::uint64_t asked(const plugin::Usage& usage) const {
        const auto share = op_.request().size_share;
        if (!share) return op_.request().size;
        // As large as can be, where nobody knows how large that is.
        return share_of_largest(*share, usage).value_or(kLargestSize);
    }

    Operation& op_;
};

}  // namespace

Result<record::UserRecord> resize(Operation& op) {
    HEARTH_TRY(host_record, load_trusted(op));
    MediumSize size(op);
    return replace_record(op, std::move(host_record), size, [&](const record::UserRecord& current) {
        return next_version(op, current);
    });
}

}  // namespace hearth::operation
