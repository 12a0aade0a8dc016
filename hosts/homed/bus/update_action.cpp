// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/update_action.hpp"

#include "core/record/self_modifiable.hpp"

namespace hearth::homed {

namespace {

/// The record as it is going to be, as far as that is known before the worker has read the files
/// that come along: those without a hash in the record count as different from any other.
record::UserRecord outcome_of(const worker::Request& request) {
    record::UserRecord outcome = request.record->clone();
    if (!request.blobs || outcome.get("blobManifest")) return outcome;
    home::BlobManifest names;
    for (const auto& entry : *request.blobs) names.emplace(entry.first, "unknown");
    // It can only fail for lack of a field name.
    static_cast<void>(home::set_manifest(outcome, names));
    return outcome;
}

}  // namespace

Action action_of_update(const worker::Request& request, const service::Home& home,
                        const record::Machine& machine, uid_t sender) {
    const bool is_own = sender == home.uid() && record::changes_only_own_fields(
                                                    home.record(), outcome_of(request), machine);
    return is_own ? Action::update_home_by_owner : Action::update_home;
}

}  // namespace hearth::homed
