// SPDX-License-Identifier: LGPL-2.1-or-later
#include "medium.hpp"

#include "device_part.hpp"
#include "device_search.hpp"
#include "header_copies.hpp"

namespace hearth::luks {

namespace {

constexpr std::string_view kOurs = "CRYPT-LUKS2-";

sdk::Result<void> open_header(sdk::Op op, Medium& medium, const Settings& settings) {
    HEARTH_SDK_TRY(volume, LuksVolume::open(op, medium.loop.path));
    HEARTH_SDK_CHECK(volume.check(settings));
    medium.volume.emplace(std::move(volume));
    return sdk::ok();
}

/// A second loop device over the same image would have a cache of its own.
sdk::Result<void> join_active(const Mapping& mapping, Medium& medium) {
    HEARTH_SDK_TRY(below, device_below(mapping.name));
    HEARTH_SDK_TRY(loop, device_number(medium.image.get())
                             ? open_part_below(below, medium.image.get())
                             : open_loop(below, medium.image.get()));
    medium.loop = std::move(loop);
    medium.active = true;
    return sdk::ok();
}

sdk::Result<void> attach(Medium& medium, const Settings& settings) {
    HEARTH_SDK_CHECK(lock_image(medium.image.get()));
    if (medium.repair) HEARTH_SDK_CHECK(mend_table(medium.image.get()));
    HEARTH_SDK_TRY(extent, find_volume(medium.image.get(), settings));
    // A crash may have torn one of them, which the library sets right.
    const bool may_mend = medium.dirty || medium.repair;
    if (!may_mend) HEARTH_SDK_CHECK(require_both_copies(reader_of(medium.image.get()), extent));
    HEARTH_SDK_TRY(loop, device_number(medium.image.get())
                             ? open_part(medium.image.get(), extent, settings.sector_size)
                             : attach_loop(medium.image.get(), extent, settings.sector_size));
    medium.extent = extent;
    medium.loop = std::move(loop);
    return sdk::ok();
}

}  // namespace

sdk::Result<sdk::UniqueFd> open_home(const sdk::Place& place, const Settings& settings) {
    if (!settings.on_device) return open_image(place, place.name);
    HEARTH_SDK_TRY(node, open_home_device(place, settings));
    return std::move(node.fd);
}

sdk::Result<Medium> open_medium(sdk::Op op, const sdk::Place& place, const Settings& settings,
                                bool repair) {
    Medium medium;
    medium.repair = repair;
    HEARTH_SDK_TRY(image, open_home(place, settings));
    medium.image = std::move(image);
    // Nothing marks a device: its file system knows best.
    medium.dirty = settings.on_device || is_dirty(medium.image.get());
    HEARTH_SDK_TRY(mapping, mapping_of(settings));
    HEARTH_SDK_CHECK(mapping ? join_active(*mapping, medium) : attach(medium, settings));
    HEARTH_SDK_CHECK(open_header(op, medium, settings));
    return medium;
}

sdk::Result<std::optional<Mapping>> mapping_of(const Settings& settings) {
    HEARTH_SDK_TRY(found, find_mapping(settings.mapping));
    if (!found || found->uuid.starts_with(kOurs)) return found;
    return sdk::Error(HEARTH_E_HOME_IN_USE,
                      "the name " + settings.mapping + " is taken by a mapping that is no home");
}

}  // namespace hearth::luks
