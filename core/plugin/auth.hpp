// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/auth.h>

#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/plugin/plugin_call.hpp"
#include "core/plugin/record_view.hpp"
#include "core/secret/secret.hpp"

namespace hearth::plugin {

/// A token that could be enrolled.
struct Device {
    std::string id;
    std::string label;
    std::string vendor;
    hearth_flags features = 0;  // HEARTH_DEVICE_*
};

/// A new entry of the record, as JSON without hashedPassword, and the raw secret behind it.
struct Enrolled {
    std::string entry;
    secret::Secret secret;
};

/// Which of the entries answered, and its raw secret.
struct Acquired {
    std::size_t which = 0;
    secret::Secret secret;
};

/// May another kind of token be asked after this failure, or is it the end of the search?
[[nodiscard]] bool may_try_next(const Error& error);

/// The C++ face of a loaded hearth_auth for one operation. Failures have ids auth-<code>
/// ("auth-need-pin"); a plugin that breaks its contract gives plugin-contract. Borrows the table
/// and the operation, whose PINs the plugin sees.
class AuthProvider {
  public:
    AuthProvider(const hearth_auth& table, std::string plugin_id, OperationContext& op)
        : call_(table, std::move(plugin_id), op, "auth") {}

    /// The plugin is a built-in one: its own words say the cause of a failure.
    void quote() { call_.quoted = true; }

    /// Needs no privileges.
    Result<std::vector<Device>> list_devices();
    /// Needs no privileges. `flags`: HEARTH_ENROLL_*.
    Result<Enrolled> enroll(const RecordView& record, const std::string& device_id,
                            hearth_flags flags);
    /// `entries`: all of the record for this kind, as JSON texts.
    Result<Acquired> acquire(const RecordView& record, const std::vector<std::string>& entries);

  private:
    AuthCall call_;
};

}  // namespace hearth::plugin
