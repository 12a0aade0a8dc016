// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/loader.hpp"

#define BOOST_DLL_USE_STD_FS
#include <dlfcn.h>

#include <boost/dll/shared_library.hpp>
#include <cstring>
#include <exception>
#include <set>
#include <string>

#include "core/plugin/rights.hpp"
#include "core/plugin/trust.hpp"

namespace hearth::plugin {
namespace {

using Entry = Registry::Entry;
using EntryFunction = hearth_status(const hearth_host*, const hearth_plugin**);

struct EntryPoint {
    EntryFunction* call;
};

Error refusal(const Entry& entry, Code code, std::string_view id, std::string why) {
    return Error(code, id,
                 "The plugin " + entry.manifest->id + " (" + entry.path + ") is not used.")
        .why(std::move(why));
}

Error disagrees(const Entry& entry, std::string why) {
    return refusal(entry, Code::corrupt, "plugin-disagrees", std::move(why))
        .hint("Its manifest and its code are not from one build: install it again.");
}

/// Boost's enumeration does not know RTLD_NODELETE, but passes other bits on.
boost::dll::load_mode::type load_mode() {
    return static_cast<boost::dll::load_mode::type>(RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
}

/// The entry function stays valid after the handle is gone: RTLD_NODELETE keeps the code.
Result<EntryPoint> open_library(const Entry& entry) {
    try {
        const boost::dll::shared_library library(entry.path, load_mode());
        if (!library.has(HEARTH_ENTRY_SYMBOL))
            return refusal(entry, Code::not_supported, "plugin-no-entry",
                           "It has no function " HEARTH_ENTRY_SYMBOL ".")
                .hint("It may be built for another version of the plugin ABI.");
        return EntryPoint{&library.get<EntryFunction>(HEARTH_ENTRY_SYMBOL)};
    } catch (const std::exception& failure) {
        return refusal(entry, Code::backend_unavailable, "plugin-load-failed",
                       "The dynamic linker says: " + std::string(failure.what()) + ".")
            .hint("A library that it needs may be missing.");
    }
}

Result<const hearth_plugin*> call_entry(const Entry& entry, EntryPoint function,
                                        const hearth_host& host) {
    const hearth_plugin* plugin = nullptr;
    hearth_status status = HEARTH_E_INTERNAL;
    try {
        status = function.call(&host, &plugin);
    } catch (...) {
        return refusal(entry, Code::internal, "plugin-entry-failed",
                       "An exception left its entry function.");
    }
    if (status != HEARTH_OK)
        return refusal(entry, Code::backend_unavailable, "plugin-entry-failed",
                       "Its entry function returned the code " + std::to_string(status) + ".");
    if (plugin == nullptr)
        return refusal(entry, Code::internal, "plugin-entry-failed",
                       "Its entry function gave no table.");
    return plugin;
}

bool same(const char* text, const std::string& expected) {
    return text != nullptr && text == expected;
}

/// The names in a NULL-terminated list of tables have to be those of the manifest, each with a
/// table of full size: versions match exactly, so that sizes do.
template <typename Table, typename Item>
Result<void> check_tables(const Entry& entry, const Table* const* tables,
                          const std::vector<Item>& declared) {
    std::set<std::string> missing;
    for (const auto& item : declared) missing.insert(item.name);
    for (; tables != nullptr && *tables != nullptr; ++tables) {
        const Table& table = **tables;
        if (table.struct_size != sizeof(Table))
            return disagrees(entry, "One of its tables has a size of another version.");
        if (table.name == nullptr || missing.erase(table.name) == 0)
            return disagrees(entry, "It has a table that its manifest does not name.");
    }
    if (missing.empty()) return ok();
    return disagrees(entry, "It has no table for \"" + *missing.begin() + "\".");
}

Result<void> check_plugin(const Entry& entry, const hearth_plugin& plugin) {
    if (plugin.abi_major != HEARTH_ABI_MAJOR || plugin.abi_minor != HEARTH_ABI_MINOR)
        return refusal(entry, Code::not_supported, "plugin-abi-mismatch",
                       "Its code was built for another version of the plugin ABI.")
            .hint("Install the plugin's release for this version.");
    if (plugin.struct_size != sizeof(hearth_plugin))
        return disagrees(entry, "Its main table has a size of another version.");
    if (!same(plugin.id, entry.manifest->id) || !same(plugin.version, entry.manifest->version))
        return disagrees(entry, "Its code gives another id or version than its manifest.");
    HEARTH_CHECK(check_tables(entry, plugin.storage, entry.manifest->storage));
    return check_tables(entry, plugin.auth, entry.manifest->auth);
}

template <typename Table>
const Table* find_table(const Table* const* tables, std::string_view name) {
    for (; tables != nullptr && *tables != nullptr; ++tables)
        if ((*tables)->name == name) return *tables;
    return nullptr;
}

Error no_table(const hearth_plugin& plugin, std::string_view name) {
    return Error(Code::corrupt, "plugin-disagrees",
                 "The plugin " + std::string(plugin.id) + " has no table for \"" +
                     std::string(name) + "\".");
}

}  // namespace

Result<const hearth_plugin*> load(const Registry::Entry& entry, const hearth_host& host) {
    if (!entry.usable())
        return entry.refused ? *entry.refused
                             : Error(Code::internal, "plugin-load-failed",
                                     "A plugin without a manifest cannot be loaded.");
    // Only root can change what was checked here before the linker opens it by its name.
    HEARTH_TRY(checked, open_trusted(entry.path));
    return load_untrusted(entry, host);
}

Result<const hearth_plugin*> load_untrusted(const Registry::Entry& entry, const hearth_host& host) {
    // Constructors are code of the plugin's, too.
    const PluginRights rights;
    HEARTH_TRY(function, open_library(entry));
    HEARTH_TRY(plugin, call_entry(entry, function, host));
    HEARTH_CHECK(check_plugin(entry, *plugin));
    return plugin;
}

Result<const hearth_storage*> storage_table(const hearth_plugin& plugin, std::string_view name) {
    if (const auto* table = find_table(plugin.storage, name)) return table;
    return no_table(plugin, name);
}

Result<const hearth_auth*> auth_table(const hearth_plugin& plugin, std::string_view name) {
    if (const auto* table = find_table(plugin.auth, name)) return table;
    return no_table(plugin, name);
}

}  // namespace hearth::plugin
