// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/auto_resize.hpp"

#include "core/operation/home_access.hpp"
#include "core/operation/size.hpp"

namespace hearth::operation {

namespace {

using plugin::AutoResize;

AutoResize mode_of(const record::Effective& record, const plugin::StorageManifest& storage) {
    const auto mode = record.text("autoResizeMode");
    if (!mode) return storage.auto_resize;
    if (*mode == "shrink-and-grow") return AutoResize::shrink_and_grow;
    return *mode == "grow" ? AutoResize::grow : AutoResize::off;
}

bool can_online(const plugin::StorageManifest& storage, const std::string& what) {
    return storage.has("resize-online") || storage.has(what + "-online");
}

/// Cheap where there is nothing to do: this is on the way of every login.
Result<void> grow(Operation& op, HomeAccess& home) {
    HEARTH_TRY(found, op.find_storage(home.storage_name()));
    if (mode_of(home.effective(), *found.manifest) == AutoResize::off) return ok();
    if (!can_online(*found.manifest, "grow")) return ok();
    HEARTH_TRY(storage, home.provider());
    HEARTH_TRY(usage, storage->usage(home.view(), home.root_fd()));
    const auto wanted = recorded_size(home.effective(), usage);
    if (!wanted || usage.size == HEARTH_UNKNOWN_SIZE || *wanted <= usage.size) return ok();
    const hearth_flags most = *wanted == kLargestSize ? HEARTH_RESIZE_MAX : 0;
    HEARTH_TRY(medium, home.medium());
    auto grown = medium->resize(home.root_fd(), *wanted, HEARTH_RESIZE_GROW_ONLY | most);
    // Not every medium of a storage has a size that can be changed: a partition has none.
    if (grown || grown.error().code() == Code::not_supported) return ok();
    return std::move(grown).error();
}

}  // namespace

void grow_at_activation(Operation& op, HomeAccess& home) {
    if (auto grown = grow(op, home); !grown)
        op.warn("The home could not be made as large as its record says, and keeps its size.",
                grown.error());
}

Result<hearth_flags> deactivation_flags(Operation& op, HomeAccess& home) {
    HEARTH_TRY(found, op.find_storage(home.storage_name()));
    const bool wanted = mode_of(home.effective(), *found.manifest) == AutoResize::shrink_and_grow &&
                        can_online(*found.manifest, "shrink") && !op.request().keep_size;
    const auto effective = home.effective();
    const bool named = effective.number("diskSize") || effective.number("diskSizeRelative");
    return wanted && named ? hearth_flags{0} : HEARTH_DEACTIVATE_NO_RESIZE;
}

}  // namespace hearth::operation
