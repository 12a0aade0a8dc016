// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/auth.h>
#include <hearth/storage.h>

#include <cstddef>
#include <string>
#include <utility>

#include "core/plugin/call_context.hpp"
#include "core/plugin/rights.hpp"

namespace hearth::plugin {

/// Calls members of one table of a plugin. Borrows the table and the operation.
template <typename Table>
struct TableCall : CallContext {
    const Table* table = nullptr;

    TableCall(const Table& called, std::string id, OperationContext& operation,
              std::string_view error_family)
        : CallContext{std::move(id), &operation, error_family}, table(&called) {}

    /// NULL is NOT_SUPPORTED, an exception that gets through is a broken contract.
    template <typename Member, typename... Args>
    hearth_status operator()(Member Table::*member, Args... args) const {
        if (!has(member)) return HEARTH_E_NOT_SUPPORTED;
        op->plugin_id = plugin_id;
        op->last_failure.clear();
        const PluginRights rights;
        try {
            return (table->*member)(op->handle(), args...);
        } catch (...) {
            return kEscaped;
        }
    }
    /// Is the member there, within the part of the table that the plugin filled in?
    template <typename Member>
    [[nodiscard]] bool has(Member Table::*member) const {
        const auto* base = reinterpret_cast<const char*>(table);
        const auto* end = reinterpret_cast<const char*>(&(table->*member) + 1);
        return end - base <= static_cast<std::ptrdiff_t>(table->struct_size) &&
               table->*member != nullptr;
    }
};

using StorageCall = TableCall<hearth_storage>;
using AuthCall = TableCall<hearth_auth>;

}  // namespace hearth::plugin
