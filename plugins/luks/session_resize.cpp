// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>

#include <cerrno>
#include <chrono>

#include "file_system.hpp"
#include "session.hpp"
#include "shrink_copy.hpp"

namespace hearth::luks {

namespace {

constexpr std::chrono::seconds kPatience{5};

/// The descriptor of a mount is good for naming it only.
sdk::Result<sdk::UniqueFd> open_top(int mount) {
    sdk::UniqueFd top(openat(mount, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (top) return top;
    return sdk::sys_error(errno, "the file system in the home cannot be opened");
}

}  // namespace

sdk::Result<void> LuksSession::resize(sdk::Op op, int root_fd, std::uint64_t bytes,
                                      hearth_flags flags, std::uint64_t& actual) {
    const SizeRequest request{bytes, flags};
    HEARTH_SDK_TRY(now, size_of(medium_.image.get()));
    actual = now;
    if (settings_.on_device)
        return sdk::Error(HEARTH_E_NOT_SUPPORTED, "a home on a device is as large as its device");
    if (root_fd < 0 && !key_) return sdk::Error(HEARTH_E_NOT_SUPPORTED, "the key is missing");
    if (root_fd < 0) return resize_offline(op, request, actual);
    const Stack stack = stack_at(root_fd);
    HEARTH_SDK_TRY(plan, plan_resize(place_, settings_, stack, request));
    return resize_mounted(op, stack, plan, actual);
}

Stack LuksSession::stack_at(int root) {
    return {medium_.image.get(),
            &medium_.loop,
            root,
            volume().data_offset(),
            &volume(),
            &key_,
            mapping_ ? mapping_->name : settings_.mapping,
            !key_};
}

sdk::Result<void> LuksSession::resize_mounted(sdk::Op op, const Stack& stack, ResizePlan& plan,
                                              std::uint64_t& actual) {
    HEARTH_SDK_CHECK(resize_live(op, settings_, stack, plan));
    medium_.extent = plan.to.volume;
    actual = plan.to.image;
    return sdk::ok();
}

sdk::Result<void> LuksSession::resize_offline(sdk::Op op, const SizeRequest& request,
                                              std::uint64_t& actual) {
    if (medium_.active) return sdk::Error(HEARTH_E_HOME_ACTIVE, "the home is mapped already");
    if (!mapping_) HEARTH_SDK_CHECK(map(settings_.mapping));
    mount_.reset();
    HEARTH_SDK_CHECK(mount_mapping(op));
    HEARTH_SDK_TRY(top, open_top(mount_.get()));
    const Stack stack = stack_at(top.get());
    HEARTH_SDK_TRY(plan, plan_resize(place_, settings_, stack, request));
    const bool on_copy = plan.kind == FileSystemKind::ext4 && plan.to.image < plan.from.image;
    // What is not in use is not copied.
    if (on_copy && (settings_.discard || settings_.offline_discard)) trim(op, top.get());
    auto resized = on_copy ? sdk::ok() : resize_mounted(op, stack, plan, actual);
    top.reset();
    mount_.reset();
    return on_copy ? resize_on_copy(op, plan, actual) : std::move(resized);
}

sdk::Result<void> LuksSession::resize_on_copy(sdk::Op op, ResizePlan& plan, std::uint64_t& actual) {
    mapping_->fd.reset();
    HEARTH_SDK_TRY(gone, wait_until_gone(mapping_->name, kPatience));
    if (!gone)
        return sdk::Error(HEARTH_E_HOME_BUSY,
                          "the home is open elsewhere: the mapping " + mapping_->name + " stays");
    mapping_.reset();
    auto copy = shrink_on_copy(op, place_, settings_, medium_, key_, plan.to);
    while (!copy && plan.may_be_larger && copy.error().code() == HEARTH_E_BAD_SIZE) {
        if (!take_middle(plan)) return sdk::ok();
        copy = shrink_on_copy(op, place_, settings_, medium_, key_, plan.to);
    }
    if (!copy) return std::move(copy).error();
    copy->dirty = medium_.dirty;
    medium_ = *std::move(copy);
    actual = plan.to.image;
    return sdk::ok();
}

}  // namespace hearth::luks
