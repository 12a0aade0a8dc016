// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kernel_key.hpp"

#include <fcntl.h>
#include <linux/fscrypt.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <hearth/sdk/services.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>

namespace hearth::fscrypt {

namespace {

fscrypt_key_specifier specifier_of(const Policy& policy) {
    fscrypt_key_specifier out{};
    if (policy.version == 1) {
        out.type = FSCRYPT_KEY_SPEC_TYPE_DESCRIPTOR;
        std::copy_n(policy.key.begin(), FSCRYPT_KEY_DESCRIPTOR_SIZE, out.u.descriptor);
    } else {
        out.type = FSCRYPT_KEY_SPEC_TYPE_IDENTIFIER;
        std::copy(policy.key.begin(), policy.key.end(), out.u.identifier);
    }
    return out;
}

// What a key of version 1 is called in a keyring.
std::string description_of(const Policy& policy) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out = FSCRYPT_KEY_DESC_PREFIX;
    for (std::size_t i = 0; i < FSCRYPT_KEY_DESCRIPTOR_SIZE; ++i) {
        out += kDigits[policy.key[i] >> 4U];
        out += kDigits[policy.key[i] & 15U];
    }
    return out;
}

constexpr const char* kKeyType = "logon";

}  // namespace

sdk::Result<KeyState> key_state(int fs, const Policy& policy) {
    fscrypt_get_key_status_arg status{};
    status.key_spec = specifier_of(policy);
    if (ioctl(fs, FS_IOC_GET_ENCRYPTION_KEY_STATUS, &status) != 0)
        return sdk::sys_error(errno, "the kernel does not tell whether it has the key of the home");
    if (status.status == FSCRYPT_KEY_STATUS_PRESENT) return KeyState::present;
    return status.status == FSCRYPT_KEY_STATUS_ABSENT ? KeyState::absent : KeyState::busy;
}

sdk::Result<void> add_key(sdk::Op op, int fs, const Policy& policy, SecretBytes volume_key) {
    fscrypt_add_key_arg head{};
    head.key_spec = specifier_of(policy);
    head.raw_size = static_cast<std::uint32_t>(volume_key.size());
    HEARTH_SDK_TRY(request, op.new_secret(sizeof head + volume_key.size()));
    const auto bytes = request.bytes();
    std::memcpy(bytes.data(), &head, sizeof head);
    std::memcpy(bytes.data() + sizeof head, volume_key.data(), volume_key.size());
    if (ioctl(fs, FS_IOC_ADD_ENCRYPTION_KEY, bytes.data()) == 0) return sdk::ok();
    return sdk::sys_error(errno, "the kernel did not take the key of the home");
}

sdk::Result<KeyState> remove_key(int fs, const Policy& policy) {
    fscrypt_remove_key_arg request{};
    request.key_spec = specifier_of(policy);
    if (ioctl(fs, FS_IOC_REMOVE_ENCRYPTION_KEY_ALL_USERS, &request) != 0) {
        if (errno == ENOKEY) return KeyState::absent;
        return sdk::sys_error(errno, "the key of the home cannot be taken out of the kernel");
    }
    const bool busy =
        (request.removal_status_flags & FSCRYPT_KEY_REMOVAL_STATUS_FLAG_FILES_BUSY) != 0;
    return busy ? KeyState::busy : KeyState::absent;
}

sdk::Result<void> lend_key(sdk::Op op, const Policy& policy, SecretBytes volume_key) {
    if (policy.version != 1) return sdk::ok();
    HEARTH_SDK_TRY(payload, op.new_secret(sizeof(fscrypt_key)));
    const auto bytes = payload.bytes();
    const auto size = static_cast<std::uint32_t>(volume_key.size());
    std::memcpy(bytes.data() + offsetof(fscrypt_key, raw), volume_key.data(), volume_key.size());
    std::memcpy(bytes.data() + offsetof(fscrypt_key, size), &size, sizeof size);
    return sdk::add_key(op, HEARTH_KEYRING_THREAD, kKeyType, description_of(policy).c_str(),
                        payload.view());
}

sdk::Result<void> take_back_key(sdk::Op op, const Policy& policy) {
    if (policy.version != 1) return sdk::ok();
    return sdk::unlink_key(op, HEARTH_KEYRING_THREAD, kKeyType, description_of(policy).c_str());
}

sdk::Result<void> evict_everything() {
    constexpr std::string_view kInodes = "2";
    const sdk::UniqueFd file(open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC));
    if (file && write(file.get(), kInodes.data(), kInodes.size()) == 1) return sdk::ok();
    return sdk::sys_error(errno, "the kernel does not drop its caches");
}

sdk::Result<void> forget_users_key(sdk::Op op, const Policy& policy) {
    if (policy.version != 1) return sdk::ok();
    return sdk::unlink_key(op, HEARTH_KEYRING_HOME_USER, kKeyType, description_of(policy).c_str());
}

}  // namespace hearth::fscrypt
