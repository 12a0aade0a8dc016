// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/abi.h>

#include <memory>

#include "core/secret/secret.hpp"

namespace hearth::plugin {

/// A hearth_secret is a secret::Secret under another name: plugins cannot look inside.
inline hearth_secret* to_handle(secret::Secret* secret) {
    return reinterpret_cast<hearth_secret*>(secret);
}
inline const hearth_secret* to_handle(const secret::Secret* secret) {
    return reinterpret_cast<const hearth_secret*>(secret);
}
inline secret::Secret* from_handle(hearth_secret* handle) {
    return reinterpret_cast<secret::Secret*>(handle);
}
inline const secret::Secret* from_handle(const hearth_secret* handle) {
    return reinterpret_cast<const secret::Secret*>(handle);
}

/// Takes over a secret that a plugin made with create() and gave to the host.
inline std::unique_ptr<secret::Secret> adopt(hearth_secret* handle) {
    return std::unique_ptr<secret::Secret>(from_handle(handle));
}

}  // namespace hearth::plugin
