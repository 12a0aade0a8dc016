// SPDX-License-Identifier: MIT
#pragma once

#include <hearth/plugin.h>
#include <hearth/sdk/auth_table.hpp>
#include <hearth/sdk/storage_table.hpp>

#include <array>
#include <cstddef>
#include <type_traits>

namespace hearth::sdk::detail {

/// NULL-terminated list of the tables of those providers that derive from Base.
template <typename Base, typename Table, template <typename> typename Maker, typename... Providers>
constexpr auto tables_of() {
    constexpr std::size_t count = (0 + ... + (std::is_base_of_v<Base, Providers> ? 1 : 0));
    std::array<const Table*, count + 1> list{};
    std::size_t at = 0;
    const auto add = [&]<typename P>(std::type_identity<P>) {
        if constexpr (std::is_base_of_v<Base, P>) list[at++] = &Maker<P>::table;
    };
    (add(std::type_identity<Providers>{}), ...);
    return list;
}

template <typename... Providers>
struct PluginTable {
    static_assert(((std::is_base_of_v<Storage, Providers> ||
                    std::is_base_of_v<Auth, Providers>)&&...),
                  "a provider derives from hearth::sdk::Storage or hearth::sdk::Auth");
    static constexpr auto storage =
        tables_of<Storage, hearth_storage, StorageTable, Providers...>();
    static constexpr auto auth = tables_of<Auth, hearth_auth, AuthTable, Providers...>();
};

template <typename... Providers>
hearth_status enter(const hearth_host* given, const hearth_plugin** out, const char* id,
                    const char* version) noexcept {
    using Tables = PluginTable<Providers...>;
    if (out == nullptr || !host().connect(given)) return HEARTH_E_NOT_SUPPORTED;
    static const hearth_plugin plugin = {
        sizeof(hearth_plugin),  HEARTH_ABI_MAJOR,   HEARTH_ABI_MINOR, 0, id, version,
        Tables::storage.data(), Tables::auth.data()};
    *out = &plugin;
    return HEARTH_OK;
}

}  // namespace hearth::sdk::detail

/// Makes the plugin's entry function: HEARTH_PLUGIN(MyStorage), or HEARTH_PLUGIN(MyStorage,
/// MyAuth). Once, outside all namespaces, after `#include <hearth_manifest.h>`, which
/// hearth_add_plugin() writes.
#define HEARTH_PLUGIN(...)                                                                    \
    extern "C" HEARTH_EXPORT hearth_status hearth_plugin_entry_0(const hearth_host* host,     \
                                                                 const hearth_plugin** out) { \
        return ::hearth::sdk::detail::enter<__VA_ARGS__>(host, out, HEARTH_PLUGIN_ID,         \
                                                         HEARTH_PLUGIN_VERSION);              \
    }                                                                                         \
    static_assert(true)
