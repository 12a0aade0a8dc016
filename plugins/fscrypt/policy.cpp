// SPDX-License-Identifier: LGPL-2.1-or-later
#include "policy.hpp"

#include <linux/fscrypt.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>

namespace hearth::fscrypt {

namespace {

constexpr std::size_t kDescriptorSize = FSCRYPT_KEY_DESCRIPTOR_SIZE;

sdk::Error cannot_encrypt(int sys_errno) {
    return {HEARTH_E_BACKEND_UNAVAILABLE,
            "the file system around the home cannot encrypt folders; ext4 and f2fs can, once the "
            "feature is on (tune2fs -O encrypt DEVICE, or mkfs with -O encrypt) and the kernel has "
            "it built in",
            sys_errno};
}

// The cipher and the padding of every home that systemd-homed makes.
template <typename T>
T filled_in(std::uint8_t version) {
    T policy{};
    policy.version = version;
    policy.contents_encryption_mode = FSCRYPT_MODE_AES_256_XTS;
    policy.filenames_encryption_mode = FSCRYPT_MODE_AES_256_CTS;
    policy.flags = FSCRYPT_POLICY_FLAGS_PAD_32;
    return policy;
}

int set(int folder, const void* policy) {
    return ioctl(folder, FS_IOC_SET_ENCRYPTION_POLICY, policy);
}

}  // namespace

sdk::Result<Policy> policy_for(SecretBytes volume_key, std::uint8_t version) {
    Policy policy;
    policy.version = version;
    if (version == 1) {
        HEARTH_SDK_TRY(descriptor, key_descriptor(volume_key));
        std::copy(descriptor.begin(), descriptor.end(), policy.key.begin());
    } else {
        HEARTH_SDK_TRY(identifier, key_identifier(volume_key));
        policy.key = identifier;
    }
    return policy;
}

bool is_key_of(const Policy& policy, SecretBytes volume_key) {
    const auto same = policy_for(volume_key, policy.version);
    return same && *same == policy;
}

sdk::Result<std::optional<Policy>> read_policy(int folder) {
    fscrypt_get_policy_ex_arg found{};
    found.policy_size = sizeof found.policy;
    if (ioctl(folder, FS_IOC_GET_ENCRYPTION_POLICY_EX, &found) != 0) {
        if (errno == ENODATA) return std::optional<Policy>();
        if (errno == EOPNOTSUPP || errno == ENOTTY) return cannot_encrypt(errno);
        return sdk::sys_error(errno, "the encryption policy of the folder cannot be read");
    }
    Policy policy;
    // The kernel calls version 1 zero.
    policy.version = found.policy.version == FSCRYPT_POLICY_V1 ? 1 : found.policy.version;
    if (policy.version == 1)
        std::copy_n(found.policy.v1.master_key_descriptor, kDescriptorSize, policy.key.begin());
    else if (policy.version == FSCRYPT_POLICY_V2)
        std::copy_n(found.policy.v2.master_key_identifier, policy.key.size(), policy.key.begin());
    else
        return sdk::Error(HEARTH_E_CORRUPT, "the folder has an encryption policy of version " +
                                                std::to_string(policy.version) +
                                                ", which this release does not know");
    return std::optional<Policy>(policy);
}

sdk::Result<void> set_policy(int folder, const Policy& policy) {
    int done = 0;
    if (policy.version == 1) {
        auto v1 = filled_in<fscrypt_policy_v1>(FSCRYPT_POLICY_V1);
        std::copy_n(policy.key.begin(), kDescriptorSize, v1.master_key_descriptor);
        done = set(folder, &v1);
    } else {
        auto v2 = filled_in<fscrypt_policy_v2>(FSCRYPT_POLICY_V2);
        std::copy(policy.key.begin(), policy.key.end(), v2.master_key_identifier);
        done = set(folder, &v2);
    }
    if (done == 0) return sdk::ok();
    if (errno == EOPNOTSUPP || errno == ENOTTY) return cannot_encrypt(errno);
    return sdk::sys_error(errno, "the new folder cannot be encrypted");
}

}  // namespace hearth::fscrypt
