// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "hosts/homed/bus/method.hpp"

// What anybody may know about homes. These answer without any waiting.

namespace hearth::homed {

void get_home_by_name(Context& context, const CallPtr& call, const service::Home& home);
void get_home_by_uid(Context& context, const CallPtr& call);
void get_record_by_name(Context& context, const CallPtr& call, const service::Home& home);
void get_record_by_uid(Context& context, const CallPtr& call);
void list_homes(Context& context, const CallPtr& call);

/// Root and the owner see all of a record.
[[nodiscard]] inline bool is_trusted(uid_t reader, const service::Home& home) {
    return reader == 0 || (reader == home.uid() && reader != service::kNoUid);
}

}  // namespace hearth::homed
