// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth_manifest.h>
#include <hearth/sdk/sdk.hpp>

#include <cstdint>
#include <memory>

#include "session.hpp"

namespace hearth::luks {

/// Homes in images: a partition table, in it an encrypted volume (LUKS2), in it a file system. The
/// record travels in the volume's header, encrypted with the volume's key.
class LuksStorage final : public sdk::Storage {
  public:
    static constexpr const char* kName = HEARTH_PLUGIN_STORAGE;
    using SessionType = LuksSession;

    sdk::Result<void> validate(sdk::Op op, const sdk::Record& record) override;
    sdk::Result<void> probe(sdk::Op op, int fd, hearth_probe& out) override;
    sdk::Result<std::uint32_t> state(sdk::Op op, const sdk::Record& record) override;
    sdk::Result<void> usage(sdk::Op op, const sdk::Record& record, int root_fd,
                            hearth_usage& out) override;
    sdk::Result<void> deactivate(sdk::Op op, const sdk::Record& record, int root_fd,
                                 hearth_flags flags) override;
    sdk::Result<void> lock(sdk::Op op, const sdk::Record& record) override;
    sdk::Result<void> unlock(sdk::Op op, const sdk::Record& record) override;
    sdk::Result<void> remove(sdk::Op op, const sdk::Record& record) override;
    sdk::Result<void> recover(sdk::Op op, const sdk::Record& record, const hearth_intent& intent,
                              sdk::Session* session_or_null) override;
    sdk::Result<std::unique_ptr<sdk::Session>> create(sdk::Op op, sdk::WritableRecord record,
                                                      sdk::Credentials credentials) override;
    sdk::Result<std::unique_ptr<sdk::Session>> unlock_medium(sdk::Op op, sdk::WritableRecord record,
                                                             hearth_flags flags) override;
};

}  // namespace hearth::luks
