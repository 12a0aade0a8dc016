// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/removal.hpp"

#include "core/operation/place.hpp"

namespace hearth::operation {

Result<void> check_removable(Operation& op, HomeAccess& home) {
    auto checked = check_image(op, home.record(), Image::either);
    // A missing folder too: a disk that was pulled out for good.
    if (!checked && checked.error().code() == Code::home_absent) return ok();
    return checked;
}

Result<void> remove_medium(HomeAccess& home) {
    HEARTH_TRY(storage, home.provider());
    auto result = storage->remove(home.view());
    if (!result && result.error().code() == Code::home_absent) return ok();
    return result;
}

}  // namespace hearth::operation
