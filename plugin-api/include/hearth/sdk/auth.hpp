// SPDX-License-Identifier: MIT
#pragma once

#include <hearth/auth.h>
#include <hearth/sdk/op.hpp>

#include <functional>
#include <span>
#include <string>

// What an authentication plugin derives from; auth.h says when each function is called.

namespace hearth::sdk {

/// A new entry for the record, as JSON without hashedPassword, and the secret behind it.
struct Enrolled {
    std::string entry;
    Secret secret;
};

/// Which entry answered, and its secret.
struct Acquired {
    std::size_t which;
    Secret secret;
};

/// The provider itself: one object for the whole process.
///
/// A subclass declares `static constexpr const char* kName = HEARTH_PLUGIN_AUTH;` and
/// `static constexpr const char* kRecordArray = HEARTH_PLUGIN_AUTH_ARRAY;` (from
/// hearth_manifest.h).
class Auth {
  public:
    /// Takes one device; an error ends the listing.
    using DeviceSink = std::function<Result<void>(const hearth_device&)>;

    Auth() = default;
    Auth(const Auth&) = delete;
    Auth& operator=(const Auth&) = delete;
    virtual ~Auth() = default;

    virtual Result<void> list_devices(Op op, const DeviceSink& sink) = 0;
    /// `flags`: HEARTH_ENROLL_*.
    virtual Result<Enrolled> enroll(Op op, const Record& record, const char* device_id,
                                    hearth_flags flags) = 0;
    /// The entries as JSON texts.
    virtual Result<Acquired> acquire(Op op, const Record& record,
                                     std::span<const char* const> entries) = 0;
};

}  // namespace hearth::sdk
