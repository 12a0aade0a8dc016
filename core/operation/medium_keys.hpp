// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/operation/replace_record.hpp"

namespace hearth::operation {

/// The medium's keys become those of the new record, for storages that have any of their own. Keys
/// whose secrets are not at hand stay.
class MediumKeys final : public MediumChange {
  public:
    explicit MediumKeys(Operation& op) : op_(op) {}

    Result<bool> needs_journal(HomeAccess& home) override;
    Result<void> prepare(HomeAccess& home, record::UserRecord& next) override;
    Result<void> finish(HomeAccess& home, bool commit) override;

  private:
    Operation& op_;
    bool has_keys_ = false;
};

/// Has the new record other ways in than the current one, and is the secret of every new one known?
/// Clients of systemd-homed send a record first, and ask for the keys later.
bool has_other_keys(Operation& op, const record::UserRecord& current,
                    const record::UserRecord& next);

}  // namespace hearth::operation
