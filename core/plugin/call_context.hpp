// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/abi.h>

#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/plugin/services.hpp"

namespace hearth::plugin {

/// Who is being called, in which operation; and the one place that turns what comes back into
/// results.
struct CallContext {
    std::string plugin_id;
    OperationContext* op = nullptr;
    /// In front of the ids of errors: "storage" or "auth".
    std::string_view family = "storage";
    /// Is what it says about a failure shown to people as its cause? Of built-in plugins it is.
    bool quoted = false;

    /// The status as a result, in core's words. `function`: "create", for messages.
    [[nodiscard]] Result<void> check(hearth_status status, std::string_view function) const;
    /// The plugin broke its contract; `how` completes "it ...".
    [[nodiscard]] Error broken(std::string_view function, std::string_view how) const;

    /// Not a code of the ABI: an exception left the plugin.
    static constexpr hearth_status kEscaped = -1;
};

}  // namespace hearth::plugin
