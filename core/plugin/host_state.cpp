// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <string>
#include <string_view>

#include "core/plugin/host_tables.hpp"
#include "core/system/files.hpp"

namespace hearth::plugin {
namespace {

constexpr std::size_t kMaxValue = std::size_t{64} * 1024;

bool is_key(std::string_view key) {
    return !key.empty() && key.size() <= 64 && std::all_of(key.begin(), key.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

/// The plugin's own folder; its id comes from the checked manifest, so that it is a plain name.
Result<UniqueFd> plugin_folder(const OperationContext& context) {
    auto folder = system::open_dir_at(context.state_dir, context.plugin_id);
    if (folder || folder.error().id() != "file-absent") return folder;
    return system::create_dir_at(context.state_dir, context.plugin_id, {.mode = 0700});
}

hearth_status get(hearth_op* op, const char* key, hearth_bytes_sink sink, void* context) {
    return guarded([&]() -> hearth_status {
        const auto& operation = OperationContext::of(op);
        if (key == nullptr || sink == nullptr || !is_key(key)) return HEARTH_E_INVALID_ARGUMENT;
        if (operation.state_dir < 0) return HEARTH_E_NOT_SUPPORTED;
        auto folder = plugin_folder(operation);
        if (!folder) return report(op, folder.error());
        auto value = system::read_file_at(folder->get(), key, kMaxValue);
        if (!value && value.error().id() == "file-absent") return HEARTH_E_NOT_SUPPORTED;
        if (!value) return report(op, value.error());
        const hearth_bytes bytes{value->data(), value->size()};
        return sink(context, &bytes);
    });
}

hearth_status put(hearth_op* op, const char* key, const hearth_bytes* bytes) {
    return guarded([&]() -> hearth_status {
        const auto& operation = OperationContext::of(op);
        if (key == nullptr || !is_key(key)) return HEARTH_E_INVALID_ARGUMENT;
        if (bytes != nullptr &&
            (bytes->len > kMaxValue || (bytes->len > 0 && bytes->ptr == nullptr)))
            return HEARTH_E_INVALID_ARGUMENT;
        if (operation.state_dir < 0) return HEARTH_E_NOT_SUPPORTED;
        auto folder = plugin_folder(operation);
        if (!folder) return report(op, folder.error());
        Result<void> done = ok();
        if (bytes != nullptr)
            done = system::write_file_atomic_at(folder->get(), key,
                                                {static_cast<const char*>(bytes->ptr), bytes->len},
                                                {.mode = 0600}, system::Durability::synced);
        else if (auto removed = system::remove_file_at(folder->get(), key); !removed)
            done = std::move(removed).error();
        return done ? HEARTH_OK : report(op, done.error());
    });
}

}  // namespace

const hearth_host_state kStateTable = {sizeof(hearth_host_state), 0, get, put};

}  // namespace hearth::plugin
