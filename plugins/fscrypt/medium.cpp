// SPDX-License-Identifier: LGPL-2.1-or-later
#include "medium.hpp"

#include <fcntl.h>

#include <cerrno>

#include "plugins/shared/home_folder.hpp"

namespace hearth::fscrypt {

namespace {

constexpr std::uint32_t kWarning = 4;

sdk::Result<Policy> need_policy(int folder, const char* name) {
    HEARTH_SDK_TRY(policy, read_policy(folder));
    if (policy) return *policy;
    return sdk::Error(HEARTH_E_CORRUPT, std::string("the folder ") + name + " is not encrypted");
}

}  // namespace

sdk::Result<Medium> open_medium(const sdk::Place& place, const char* name) {
    HEARTH_SDK_TRY(folder, shared::open_home(place, name));
    HEARTH_SDK_TRY(policy, need_policy(folder.get(), name));
    HEARTH_SDK_TRY(slots, read_slots(folder.get()));
    return Medium{std::move(folder), policy, std::move(slots)};
}

sdk::Result<sdk::UniqueFd> open_file_system(const sdk::Place& place) {
    sdk::UniqueFd folder(openat(place.dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder) return folder;
    return sdk::sys_error(errno, "the folder around the home cannot be opened");
}

sdk::Result<void> check_place(const sdk::Place& place) {
    HEARTH_SDK_TRY(around, open_file_system(place));
    HEARTH_SDK_TRY(policy, read_policy(around.get()));
    if (!policy) return sdk::ok();
    return sdk::Error(HEARTH_E_INVALID_ARGUMENT,
                      "the folder around the home is encrypted itself, so that a home in it could "
                      "not have a key of its own; choose another place with --image-path=");
}

sdk::Result<std::optional<SlotFormat>> wanted_format(const sdk::Record& record) {
    const auto text = record.text("/hearthFscryptFormat");
    if (!text && !record.json("/hearthFscryptFormat")) return std::optional<SlotFormat>();
    if (text == "v1") return std::optional(SlotFormat::v1);
    if (text == "v2") return std::optional(SlotFormat::v2);
    return sdk::Error(HEARTH_E_INVALID_ARGUMENT,
                      "hearthFscryptFormat must be \"v1\" or \"v2\" (--hearth-fscrypt-format=)");
}

sdk::Result<void> lock_medium(sdk::Op op, const sdk::Place& place, const Policy& policy) {
    HEARTH_SDK_TRY(file_system, open_file_system(place));
    HEARTH_SDK_TRY(left, remove_key(file_system.get(), policy));
    // The user's keyring has it if systemd-homed activated the home.
    if (auto forgotten = forget_users_key(op, policy); !forgotten)
        op.log(kWarning, "the user's keyring still has the key: " + forgotten.error().text());
    if (left == KeyState::absent) return sdk::ok();
    return sdk::Error(HEARTH_E_LINGERING,
                      std::string("files of ") + place.name +
                          " are still open; its key is gone, and they are readable until they are "
                          "closed",
                      EBUSY);
}

void lock_if_there(sdk::Op op, const sdk::Place& place, const char* name) {
    Policy policy;
    {
        auto medium = open_medium(place, name);
        if (!medium) return;
        policy = medium->policy;
    }
    if (auto locked = lock_medium(op, place, policy); !locked)
        op.log(kWarning, locked.error().text());
}

}  // namespace hearth::fscrypt
