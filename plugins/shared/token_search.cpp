// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/shared/token_search.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hearth::shared {

namespace {

constexpr std::uint32_t kInfo = 6;

/// First what is most pressing. Whatever is not here comes last.
constexpr std::array<hearth_status, 11> kOrder = {
    HEARTH_E_BAD_PIN_ONE_LEFT, HEARTH_E_BAD_PIN_FEW_LEFT,
    HEARTH_E_BAD_PIN,          HEARTH_E_PIN_LOCKED,
    HEARTH_E_TOKEN_TIMEOUT,    HEARTH_E_NEED_PROTECTED_PATH,
    HEARTH_E_NEED_PRESENCE,    HEARTH_E_NEED_VERIFICATION,
    HEARTH_E_NEED_PIN,         HEARTH_E_NEED_TOKEN,
    HEARTH_E_CORRUPT};

auto rank(const sdk::Error& error) {
    return std::find(kOrder.begin(), kOrder.end(), error.code()) - kOrder.begin();
}

}  // namespace

sdk::Result<void> go_on(sdk::Op op) {
    if (op.cancelled()) return sdk::Error(HEARTH_E_CANCELLED, "cancelled");
    return sdk::ok();
}

bool ends_search(const sdk::Error& error) {
    return error.code() == HEARTH_E_CANCELLED || error.code() == HEARTH_E_NO_MEMORY ||
           error.code() == HEARTH_E_INTERNAL;
}

sdk::Result<void> WorstFailure::note(sdk::Op op, sdk::Error error) {
    if (ends_search(error)) return error;
    op.log(kInfo, error.text());
    add(std::move(error));
    return sdk::ok();
}

void WorstFailure::add(sdk::Error error) {
    if (!error_ || rank(error) < rank(*error_)) error_ = std::move(error);
}

}  // namespace hearth::shared
