// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth_manifest.h>

#include <hearth/sdk/sdk.hpp>

namespace hearth::pkcs11 {

/// Smart cards and other tokens with keys that do not leave them, through PKCS#11.
class Auth : public sdk::Auth {
  public:
    static constexpr const char* kName = HEARTH_PLUGIN_AUTH;
    static constexpr const char* kRecordArray = HEARTH_PLUGIN_AUTH_ARRAY;

    sdk::Result<void> list_devices(sdk::Op op, const DeviceSink& sink) override;
    sdk::Result<sdk::Enrolled> enroll(sdk::Op op, const sdk::Record& record, const char* device_id,
                                      hearth_flags flags) override;
    sdk::Result<sdk::Acquired> acquire(sdk::Op op, const sdk::Record& record,
                                       std::span<const char* const> entries) override;
};

}  // namespace hearth::pkcs11
