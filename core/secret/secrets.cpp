// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/secret/secrets.hpp"

namespace hearth::secret {

namespace {

Result<void> copy_all(const std::vector<Secret>& from, std::vector<Secret>& to) {
    for (const Secret& one : from) {
        HEARTH_TRY(same, one.clone());
        to.push_back(std::move(same));
    }
    return ok();
}

}  // namespace

Result<Secrets> Secrets::clone() const {
    Secrets out;
    HEARTH_CHECK(copy_all(passwords, out.passwords));
    HEARTH_CHECK(copy_all(recovery_keys, out.recovery_keys));
    HEARTH_CHECK(copy_all(token_secrets, out.token_secrets));
    HEARTH_CHECK(copy_all(pins, out.pins));
    out.permissions = permissions;
    return out;
}

}  // namespace hearth::secret
