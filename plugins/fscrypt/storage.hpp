// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth_manifest.h>
#include <hearth/sdk/sdk.hpp>

#include <cstdint>
#include <memory>

#include "plugins/shared/folder_storage.hpp"
#include "session.hpp"

namespace hearth::fscrypt {

/// Homes in folders that the file system encrypts, with a key of their own each. The passwords seal
/// that key in slots, which are extended attributes of the folder.
class FscryptStorage final : public shared::FolderStorage {
  public:
    static constexpr const char* kName = HEARTH_PLUGIN_STORAGE;
    using SessionType = FscryptSession;

    sdk::Result<void> validate(sdk::Op op, const sdk::Record& record) override;
    sdk::Result<void> probe(sdk::Op op, int fd, hearth_probe& out) override;
    sdk::Result<std::uint32_t> state(sdk::Op op, const sdk::Record& record) override;
    sdk::Result<void> usage(sdk::Op op, const sdk::Record& record, int root_fd,
                            hearth_usage& out) override;
    sdk::Result<void> deactivate(sdk::Op op, const sdk::Record& record, int root_fd,
                                 hearth_flags flags) override;
    sdk::Result<void> recover(sdk::Op op, const sdk::Record& record, const hearth_intent& intent,
                              sdk::Session* session_or_null) override;
    sdk::Result<std::unique_ptr<sdk::Session>> create(sdk::Op op, sdk::WritableRecord record,
                                                      sdk::Credentials credentials) override;
    sdk::Result<std::unique_ptr<sdk::Session>> unlock_medium(sdk::Op op, sdk::WritableRecord record,
                                                             hearth_flags flags) override;

  private:
    sdk::Result<void> erase(sdk::Op op, const sdk::Place& place, const char* name,
                            const sdk::Record& record) override;
    sdk::Result<void> recover_change(sdk::Op op, const sdk::Place& place, const sdk::Record& record,
                                     const hearth_intent& intent, bool is_open) override;
};

}  // namespace hearth::fscrypt
