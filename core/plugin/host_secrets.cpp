// SPDX-License-Identifier: LGPL-2.1-or-later
#include <new>
#include <vector>

#include "core/plugin/host_tables.hpp"
#include "core/plugin/secret_handle.hpp"

namespace hearth::plugin {
namespace {

using secret::Secret;

/// Far more than any key needs, and small enough that a plugin cannot use up the locked memory by
/// mistake.
constexpr std::size_t kMaxSecret = std::size_t{64} * 1024;

hearth_secret* create(hearth_op* op, std::size_t size) {
    if (size > kMaxSecret) return nullptr;
    hearth_secret* made = nullptr;
    guarded([&]() -> hearth_status {
        auto secret = Secret::with_size(size);
        if (!secret) return report(op, secret.error());
        made = to_handle(new Secret(std::move(secret).value()));
        return HEARTH_OK;
    });
    return made;
}

void* data(const hearth_secret* handle, std::size_t* size) {
    if (handle == nullptr) {
        if (size != nullptr) *size = 0;
        return nullptr;
    }
    // The handle was const when it was lent; the contract forbids to write such a one.
    auto bytes = const_cast<Secret*>(from_handle(handle))->expose();
    if (size != nullptr) *size = bytes.size();
    return bytes.data();
}

void release(hearth_secret* handle) {
    adopt(handle).reset();
}

/// The list of that kind, as far as the plugin that is being called may see it.
const std::vector<Secret>* list_of(const OperationContext& context, std::uint32_t kind) {
    if (context.secrets == nullptr) return nullptr;
    switch (kind) {
        case HEARTH_SECRET_PASSWORD:
            return &context.secrets->passwords;
        case HEARTH_SECRET_RECOVERY_KEY:
            return &context.secrets->recovery_keys;
        case HEARTH_SECRET_TOKEN:
            return &context.secrets->token_secrets;
        case HEARTH_SECRET_PIN:
            return context.pins_visible ? &context.secrets->pins : nullptr;
        default:
            return nullptr;
    }
}

std::size_t count(hearth_op* op, std::uint32_t kind) {
    const auto& context = OperationContext::of(op);
    if (kind == HEARTH_SECRET_VOLUME_KEY) return context.volume_key != nullptr ? 1 : 0;
    const auto* list = list_of(context, kind);
    return list == nullptr ? 0 : list->size();
}

const hearth_secret* at(hearth_op* op, std::uint32_t kind, std::size_t index) {
    const auto& context = OperationContext::of(op);
    if (index >= count(op, kind)) return nullptr;
    if (kind == HEARTH_SECRET_VOLUME_KEY) return to_handle(context.volume_key);
    return to_handle(&(*list_of(context, kind))[index]);
}

hearth_flags permissions(hearth_op* op) {
    const auto* secrets = OperationContext::of(op).secrets;
    return secrets == nullptr ? 0 : secrets->permissions;
}

}  // namespace

const hearth_host_secrets kSecretsTable = {
    sizeof(hearth_host_secrets), 0, create, data, release, count, at, permissions};

}  // namespace hearth::plugin
