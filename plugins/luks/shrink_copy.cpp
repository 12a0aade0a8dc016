// SPDX-License-Identifier: LGPL-2.1-or-later
#include "shrink_copy.hpp"

#include "heartbeat.hpp"
#include "image_copy.hpp"
#include "open_mapping.hpp"
#include "resize_ground.hpp"

namespace hearth::luks {

namespace {

constexpr int kCorrected = 1;

sdk::Result<void> check_all_of_it(sdk::Op op, const std::string& node) {
    const Heartbeat beat(op, "checking the copy of the file system");
    sdk::Command command;
    command.argv = {"e2fsck", "-f", "-p", node};
    HEARTH_SDK_TRY(status, sdk::run(op, command));
    if (status <= kCorrected) return sdk::ok();
    return sdk::Error(HEARTH_E_CORRUPT,
                      "the file system in the home needs a repair that has to be decided about: "
                      "make a copy of the image, then run e2fsck on it");
}

sdk::Result<void> shrink_file_system(sdk::Op op, const std::string& node, std::uint64_t bytes) {
    HEARTH_SDK_CHECK(check_all_of_it(op, node));
    const Heartbeat beat(op, "shrinking the copy of the file system");
    sdk::Command command;
    command.argv = {"resize2fs", node, std::to_string(bytes / 1024) + "K"};
    HEARTH_SDK_TRY(status, sdk::run(op, command));
    if (status == 0) return sdk::ok();
    return sdk::Error(HEARTH_E_BAD_SIZE, "the file system cannot be made as small as that");
}

sdk::Result<void> shrink_inside(sdk::Op op, Medium& copy, sdk::Secret& key,
                                const Settings& settings, const Shape& to) {
    const bool discard = settings.discard || settings.offline_discard;
    HEARTH_SDK_TRY(mapping, open_mapping(*copy.volume, temporary_mapping(op.id()), key, discard));
    auto shrunk = shrink_file_system(op, mapping.node, to.volume.size - copy.volume->data_offset());
    close_mapping(op, std::move(mapping));
    return shrunk;
}

/// The order does not matter: nobody looks at the copy before it is whole.
sdk::Result<void> cut(Medium& copy, const Settings& settings, const Shape& to) {
    ImageGround ground(copy.image.get(), true);
    HEARTH_SDK_TRY(length, ground.length());
    Shape from = to;
    from.image = length;
    HEARTH_SDK_CHECK(shrink(ground, from, to));
    HEARTH_SDK_CHECK(resize_loop(copy.loop, to.volume));
    copy.extent = to.volume;
    const Extent header{to.volume.offset, copy.volume->data_offset()};
    HEARTH_SDK_CHECK(fill_holes_in(copy.image.get(), header));
    return settings.discard || settings.offline_discard ? sdk::ok() : fill_holes(copy.image.get());
}

sdk::Result<Medium> open_copy(sdk::Op op, const Settings& settings, sdk::UniqueFd image,
                              const Extent& extent) {
    Medium copy;
    copy.image = std::move(image);
    HEARTH_SDK_TRY(loop, attach_loop(copy.image.get(), extent, settings.sector_size));
    copy.extent = extent;
    copy.loop = std::move(loop);
    HEARTH_SDK_TRY(volume, LuksVolume::open(op, copy.loop.path));
    copy.volume.emplace(std::move(volume));
    return copy;
}

sdk::Result<Medium> make_small_copy(sdk::Op op, const Settings& settings, sdk::UniqueFd image,
                                    const Extent& extent, sdk::Secret& key, const Shape& to) {
    HEARTH_SDK_TRY(copy, open_copy(op, settings, std::move(image), extent));
    HEARTH_SDK_CHECK(shrink_inside(op, copy, key, settings, to));
    HEARTH_SDK_CHECK(cut(copy, settings, to));
    return copy;
}

}  // namespace

sdk::Result<Medium> shrink_on_copy(sdk::Op op, const sdk::Place& place, const Settings& settings,
                                   Medium& medium, sdk::Secret& key, const Shape& to) {
    const bool may_have_holes = settings.discard || settings.offline_discard;
    HEARTH_SDK_TRY(image, copy_image(op, place, medium.image.get(), may_have_holes ? 0 : to.image));
    auto copy = make_small_copy(op, settings, std::move(image), medium.extent, key, to);
    if (!copy) {
        static_cast<void>(remove_file(place, place.temp_name));
        return copy;
    }
    const sdk::Critical between_two_images(op);
    if (auto replaced = replace_image(place, copy->image.get()); !replaced) {
        static_cast<void>(remove_file(place, place.temp_name));
        return std::move(replaced).error();
    }
    return copy;
}

}  // namespace hearth::luks
