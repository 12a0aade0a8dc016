// SPDX-License-Identifier: LGPL-2.1-or-later
#include "mapping.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <thread>

#include "dm_request.hpp"

namespace hearth::luks {

namespace {

/// A message is a sector and then its words.
constexpr std::size_t kMessageStart = offsetof(dm_target_msg, message);

sdk::Error unavailable(int sys_errno) {
    return {HEARTH_E_BACKEND_UNAVAILABLE,
            "this kernel cannot map devices (modules dm-mod and dm-crypt), which encrypted images "
            "need",
            sys_errno};
}

bool is_kernel_without(int why) {
    return why == ENOENT || why == ENODEV;
}

std::string mapper_node(const std::string& name) {
    return "/dev/mapper/" + name;
}

bool is_node_of(const std::string& path, dev_t device) {
    struct stat info {};
    return stat(path.c_str(), &info) == 0 && S_ISBLK(info.st_mode) && info.st_rdev == device;
}

/// Without udevd the library makes the node, and nobody removes it when the kernel removes the
/// mapping.
void drop_stale_node(const std::string& name) {
    struct stat info {};
    const std::string path = mapper_node(name);
    if (lstat(path.c_str(), &info) == 0 && S_ISBLK(info.st_mode)) unlink(path.c_str());
}

}  // namespace

sdk::Result<void> require_device_mapper() {
    const sdk::UniqueFd control(open(kMapperControl, O_RDWR | O_CLOEXEC));
    return control ? sdk::ok() : sdk::Result<void>(unavailable(errno));
}

sdk::Result<std::optional<Mapping>> find_mapping(const std::string& name) {
    Request request = request_for(name);
    const int why = ask(DM_DEV_STATUS, request);
    if (why == ENXIO || is_kernel_without(why)) return std::optional<Mapping>();
    if (why != 0) return sdk::sys_error(why, "the state of the mapping " + name + " is not known");
    Mapping out;
    out.name = name;
    out.uuid = request.head.uuid;
    out.device = makedev(major(request.head.dev), minor(request.head.dev));
    out.opened =
        request.head.open_count < 0 ? 0 : static_cast<std::uint32_t>(request.head.open_count);
    out.suspended = (request.head.flags & DM_SUSPEND_FLAG) != 0;
    return std::optional(std::move(out));
}

sdk::Result<dev_t> device_below(const std::string& name) {
    Request request = request_for(name);
    if (const int why = ask(DM_TABLE_DEPS, request); why != 0)
        return sdk::sys_error(why, "what the mapping " + name + " lies on is not known");
    dm_target_deps below{};
    const char* data = reinterpret_cast<const char*>(&request) + request.head.data_start;
    const bool fits =
        request.head.data_start + sizeof below + sizeof(std::uint64_t) <= sizeof request;
    if (fits) std::memcpy(&below, data, sizeof below);
    if (below.count != 1)
        return sdk::Error(HEARTH_E_CORRUPT, "the mapping " + name + " does not lie on one device");
    std::uint64_t device = 0;
    std::memcpy(&device, data + sizeof below, sizeof device);
    return makedev(major(device), minor(device));
}

sdk::Result<void> forget_key(const std::string& name) {
    constexpr std::string_view kWords = "key wipe";
    Request request = request_for(name);
    // At sector 0, which the zeros before it mean.
    std::copy(kWords.begin(), kWords.end(), request.rest.begin() + kMessageStart);
    const int why = ask(DM_TARGET_MSG, request);
    if (why == 0) return sdk::ok();
    return sdk::sys_error(why, "the key of the mapping " + name + " stays in the kernel");
}

sdk::Result<void> remove_when_closed(const std::string& name) {
    Request request = request_for(name);
    request.head.flags = DM_DEFERRED_REMOVE;
    const int why = ask(DM_DEV_REMOVE, request);
    if (why == 0 || why == ENXIO) return sdk::ok();
    return sdk::sys_error(why, "the mapping " + name + " cannot be marked for removal");
}

sdk::Result<bool> wait_until_gone(const std::string& name, std::chrono::milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    for (auto pause = std::chrono::milliseconds(1);; pause = std::min(2 * pause, limit)) {
        HEARTH_SDK_TRY(found, find_mapping(name));
        if (!found) {
            drop_stale_node(name);
            return true;
        }
        HEARTH_SDK_CHECK(remove_when_closed(name));
        if (found->opened == 0) continue;
        if (std::chrono::steady_clock::now() >= end) return false;
        std::this_thread::sleep_for(std::min(pause, std::chrono::milliseconds(100)));
    }
}

sdk::Result<std::string> node_of(const Mapping& mapping) {
    const std::string number = std::to_string(minor(mapping.device));
    for (const std::string& path : {mapper_node(mapping.name), "/dev/dm-" + number})
        if (is_node_of(path, mapping.device)) return path;
    return sdk::Error(HEARTH_E_IO, "the mapping " + mapping.name + " has no node in /dev");
}

}  // namespace hearth::luks
