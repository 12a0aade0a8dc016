// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/storage.h>

#include <string>
#include <string_view>
#include <utility>

#include "core/base/result.hpp"
#include "core/plugin/services.hpp"

namespace hearth::plugin {

/// What every call into a storage plugin needs, and the one place that turns what comes back into
/// results.
struct PluginCall {
    const hearth_storage* table = nullptr;
    std::string plugin_id;
    OperationContext* op = nullptr;

    /// Calls a member of the table: NULL is NOT_SUPPORTED, an exception that gets through is a
    /// broken contract.
    template <typename Member, typename... Args>
    hearth_status operator()(Member hearth_storage::*member, Args... args) const {
        if (!has(member)) return HEARTH_E_NOT_SUPPORTED;
        op->plugin_id = plugin_id;
        op->last_failure.clear();
        try {
            return (table->*member)(op->handle(), args...);
        } catch (...) {
            return kEscaped;
        }
    }
    /// Is the member there, within the part of the table that the plugin filled in?
    template <typename Member>
    [[nodiscard]] bool has(Member hearth_storage::*member) const {
        const auto* base = reinterpret_cast<const char*>(table);
        const auto* end = reinterpret_cast<const char*>(&(table->*member) + 1);
        return end - base <= static_cast<std::ptrdiff_t>(table->struct_size) &&
               table->*member != nullptr;
    }
    /// The status as a result, in core's words. `function`: "create", for the log.
    [[nodiscard]] Result<void> check(hearth_status status, std::string_view function) const;
    /// The plugin broke its contract; `how` completes "it ...".
    [[nodiscard]] Error broken(std::string_view function, std::string_view how) const;

    /// Not a code of the ABI: an exception left the plugin.
    static constexpr hearth_status kEscaped = -1;
};

}  // namespace hearth::plugin
