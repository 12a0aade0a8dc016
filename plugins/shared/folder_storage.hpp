// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include <cstdint>

namespace hearth::shared {

/// What all storages do alike whose homes are folders in their places.
class FolderStorage : public sdk::Storage {
  public:
    /// ABSENT, INACTIVE, or UNKNOWN for anything but a folder.
    sdk::Result<std::uint32_t> state(sdk::Op op, const sdk::Record& record) override;
    /// Nothing stays open.
    sdk::Result<void> deactivate(sdk::Op op, const sdk::Record& record, int root_fd,
                                 hearth_flags flags) override;
    sdk::Result<void> remove(sdk::Op op, const sdk::Record& record) override;
    sdk::Result<void> recover(sdk::Op op, const sdk::Record& record, const hearth_intent& intent,
                              sdk::Session* session_or_null) override;

  private:
    /// Deletes what has this name, one of the operation's own; it may be gone already. Interrupted,
    /// it is asked for again.
    virtual sdk::Result<void> erase(sdk::Op op, const sdk::Place& place, const char* name,
                                    const sdk::Record& record) = 0;
    /// recover() for verbs that neither make nor remove a home. `is_open`: its files can be read.
    virtual sdk::Result<void> recover_change(sdk::Op op, const sdk::Place& place,
                                             const sdk::Record& record, const hearth_intent& intent,
                                             bool is_open) = 0;
};

/// Is somebody there to read the home's files?
[[nodiscard]] inline bool is_open(const hearth_intent& intent, const sdk::Session* session) {
    return session != nullptr || intent.mounted != 0;
}

/// The user's number on this machine.
[[nodiscard]] std::uint32_t uid_of(const sdk::Record& record);

}  // namespace hearth::shared
