// SPDX-License-Identifier: LGPL-2.1-or-later
#include "live_resize.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "gpt_format.hpp"
#include "heartbeat.hpp"
#include "medium.hpp"

namespace hearth::luks {

namespace {

constexpr std::uint32_t kInfo = 6;
/// Before the data; what the header really takes is in the header.
constexpr std::uint64_t kUsualHeader = std::uint64_t{16} << 20;
constexpr std::uint32_t kWarning = 4;

sdk::Result<std::uint64_t> room_for(const sdk::Place& place, int image) {
    struct stat info {};
    if (fstat(image, &info) != 0) return sdk::sys_error(errno, "the image cannot be looked at");
    HEARTH_SDK_TRY(free, space_around(place.dir));
    return ceiling_of(static_cast<std::uint64_t>(info.st_blocks) * 512, free);
}

sdk::Error cannot_shrink_mounted(FileSystemKind kind) {
    if (kind == FileSystemKind::xfs)
        return {HEARTH_E_CANNOT_SHRINK, "xfs, the file system in the home, cannot shrink"};
    return {HEARTH_E_SHRINK_OFFLINE_ONLY,
            "ext4, the file system in the home, can shrink only while the home is not active"};
}

sdk::Result<void> attempt(sdk::Op op, Ground& ground, const ResizePlan& plan) {
    const SizeChange change{plan.from.image, plan.to.image};
    // On the disk before the first change is.
    if (!(plan.from == plan.to)) HEARTH_SDK_CHECK(op.note(to_note(change)));
    const Heartbeat beat(op, "changing the size of the home");
    const bool larger = plan.to.image >= plan.from.image;
    auto done = larger ? grow(ground, plan.from, plan.to) : shrink(ground, plan.from, plan.to);
    if (done) return done;
    if (auto mended = mend(ground, change); !mended) op.log(kWarning, mended.error().text());
    return done;
}

/// What a file system needs to be small is known only once it has tried.
sdk::Result<void> try_larger(sdk::Op op, Ground& ground, ResizePlan& plan) {
    auto done = attempt(op, ground, plan);
    while (!done && done.error().code() == HEARTH_E_NO_SPACE) {
        if (!take_middle(plan)) return sdk::ok();
        done = attempt(op, ground, plan);
    }
    return done;
}

sdk::Result<void> shrink_mounted(sdk::Op op, Ground& ground, ResizePlan& plan) {
    if (plan.kind != FileSystemKind::btrfs) return cannot_shrink_mounted(plan.kind);
    if (plan.may_be_larger) return try_larger(op, ground, plan);
    auto done = attempt(op, ground, plan);
    if (done || done.error().code() != HEARTH_E_NO_SPACE) return done;
    return sdk::Error(HEARTH_E_BAD_SIZE,
                      "the file system in the home cannot be made as small as that now; choose a "
                      "larger size, or min for what it can do");
}

sdk::Result<void> shrink_without_key(sdk::Op op, const sdk::Place& place, const Settings& settings,
                                     int root) {
    // Before the header is read, which is 8 MiB.
    HEARTH_SDK_TRY(kind, kind_of(root));
    if (kind != FileSystemKind::btrfs) return sdk::ok();
    HEARTH_SDK_TRY(mapping, mapping_of(settings));
    if (!mapping) return sdk::ok();
    HEARTH_SDK_TRY(image, open_image(place, place.name));
    HEARTH_SDK_TRY(below, device_below(mapping->name));
    HEARTH_SDK_TRY(loop, open_loop(below, image.get()));
    HEARTH_SDK_TRY(volume, LuksVolume::open(op, loop.path));
    const Stack stack{image.get(), &loop, root, volume.data_offset()};
    HEARTH_SDK_TRY(plan, plan_resize(place, settings, stack,
                                     {0, HEARTH_RESIZE_MIN | HEARTH_RESIZE_SHRINK_ONLY}));
    if (plan.to == plan.from) return sdk::ok();
    return resize_live(op, settings, stack, plan);
}

}  // namespace

sdk::Result<ResizePlan> plan_resize(const sdk::Place& place, const Settings& settings,
                                    const Stack& stack, const SizeRequest& request) {
    HEARTH_SDK_TRY(now, size_of(stack.image));
    HEARTH_SDK_TRY(from, shape_of(reader_of(stack.image), now, settings));
    if (from.volume.size <= stack.data_offset)
        return sdk::Error(HEARTH_E_CORRUPT, "the partition is too small for its volume");
    const std::uint64_t payload = stack.payload(from.volume);
    HEARTH_SDK_TRY(inside, measure_file_system(stack.root, payload));
    HEARTH_SDK_TRY(ceiling, room_for(place, stack.image));
    const Bounds bounds{now, now - payload + inside.smallest, ceiling};
    HEARTH_SDK_TRY(goal, choose_goal(request.bytes, request.flags, bounds));
    ResizePlan plan{inside.kind, from, from, (request.flags & HEARTH_RESIZE_MIN) != 0};
    if (goal == now) return plan;
    HEARTH_SDK_TRY(to, with_size(from, goal));
    plan.to = std::move(to);
    return plan;
}

bool take_middle(ResizePlan& plan) {
    const std::uint64_t least = plan.to.image + gpt::kMiB;
    const std::uint64_t middle = plan.to.image + (plan.from.image - plan.to.image) / 2;
    auto larger = with_size(plan.from, middle / gpt::kMiB * gpt::kMiB);
    const bool is_other = larger && larger->image >= least && larger->image < plan.from.image;
    plan.to = is_other ? *std::move(larger) : plan.from;
    return is_other;
}

sdk::Result<void> resize_live(sdk::Op op, const Settings& settings, const Stack& stack,
                              ResizePlan& plan) {
    LiveGround ground(stack, plan.kind, settings.discard);
    if (plan.to.image < plan.from.image) return shrink_mounted(op, ground, plan);
    return attempt(op, ground, plan);
}

sdk::Result<void> measure_home(const sdk::Place& place, const Settings& settings, int image,
                               int root, hearth_usage& out) {
    HEARTH_SDK_TRY(size, size_of(image));
    out.size = out.ceiling = size;
    if (!settings.on_device) {
        HEARTH_SDK_TRY(ceiling, room_for(place, image));
        out.ceiling = std::max(ceiling, size);
    }
    const auto shape = shape_of(reader_of(image), size, settings);
    if (root < 0 || !shape || shape->volume.size <= kUsualHeader) return sdk::ok();
    const std::uint64_t payload = shape->volume.size - kUsualHeader;
    HEARTH_SDK_TRY(inside, measure_file_system(root, payload));
    out.used = inside.used;
    out.free = inside.free;
    out.floor = settings.on_device ? size : std::min(size - payload + inside.smallest, size);
    return sdk::ok();
}

void shrink_at_logout(sdk::Op op, const sdk::Place& place, const Settings& settings, int root) {
    if (auto shrunk = shrink_without_key(op, place, settings, root); !shrunk)
        op.log(kInfo, "the home keeps its size: " + shrunk.error().text());
}

sdk::Result<void> mend_image(const sdk::Place& place, const Settings& settings,
                             const SizeChange& change) {
    HEARTH_SDK_TRY(image, open_image(place, place.name));
    HEARTH_SDK_TRY(mapping, mapping_of(settings));
    // The loop device of a home that is in use has the lock.
    if (!mapping) HEARTH_SDK_CHECK(lock_image(image.get()));
    ImageGround ground(image.get(), settings.discard);
    return mend(ground, change);
}

}  // namespace hearth::luks
