// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/records/apply.hpp"

#include "hosts/homectl/records/limits.hpp"
#include "hosts/homectl/records/machine_entry.hpp"

namespace hearth::homectl {

namespace {

void drop_fields(record::UserRecord& record, const Changes& changes) {
    for (const std::string& field : changes.dropped()) {
        record.remove(field);
        record.remove_privileged(field);
    }
    drop_limits(record.json(), changes.dropped_limits());
}

Result<void> set_fields(record::UserRecord& record, const Changes& changes) {
    for (const auto& [field, value] : changes.in(Section::regular))
        HEARTH_CHECK(record.set(field, value));
    for (const auto& [field, value] : changes.in(Section::privileged))
        record.set_privileged(field, value);
    return ok();
}

bool touches_machines(const Changes& changes) {
    return !changes.dropped().empty() || !changes.dropped_limits().empty() ||
           changes.has_any(Section::this_machine) || changes.has_any(Section::other_machines);
}

}  // namespace

Result<void> apply_changes(record::UserRecord& record, const Changes& changes,
                           const std::string& machine_id) {
    drop_fields(record, changes);
    // It is made anew from the files that come along.
    if (!changes.blobs().empty()) record.remove("blobManifest");
    HEARTH_CHECK(set_fields(record, changes));
    if (!touches_machines(changes)) return ok();
    MachineEntries entries(record.json(), machine_id);
    for (const Section section : {Section::other_machines, Section::this_machine}) {
        MachineEntry& entry = entries.of(section);
        for (const std::string& field : changes.dropped()) entry.remove(field);
        drop_limits(entry.json(), changes.dropped_limits());
        for (const auto& [field, value] : changes.in(section)) entry.json().set(field, value);
    }
    set_limits(entries.of(Section::this_machine).json(), changes.limits());
    entries.store();
    return ok();
}

}  // namespace hearth::homectl
