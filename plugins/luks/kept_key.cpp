// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kept_key.hpp"

#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "mapping_size.hpp"

namespace hearth::luks {

namespace {

constexpr std::uint32_t kInfo = 6;

/// Each home has a keyring of its own in root's: so a key is found, and dropped, by the name of the
/// mapping, whatever device-mapper calls it.
std::string ring_name(const std::string& mapping) {
    return "hearth:" + mapping;
}

/// -1: there is none. `link_to`: a keyring that it is put into as well, or 0.
long find_ring(const std::string& mapping, int link_to) {
    return syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_USER_KEYRING, "keyring",
                   ring_name(mapping).c_str(), link_to);
}

sdk::Result<void> put_key(const std::string& mapping, sdk::Secret& key) {
    HEARTH_SDK_TRY(name, key_name_of(mapping));
    const long ring = syscall(SYS_add_key, "keyring", ring_name(mapping).c_str(), nullptr, 0,
                              KEY_SPEC_USER_KEYRING);
    if (ring >= 0 && syscall(SYS_add_key, "logon", name.c_str(), key.bytes().data(),
                             key.bytes().size(), ring) >= 0)
        return sdk::ok();
    return sdk::sys_error(errno, "the kernel does not take the key into a keyring");
}

}  // namespace

void keep_key(sdk::Op op, const std::string& mapping, sdk::Secret& key) {
    drop_key(mapping);
    const auto kept = put_key(mapping, key);
    if (kept) return;
    drop_key(mapping);
    op.log(kInfo, "the home changes its size only with its password: " + kept.error().text());
}

sdk::Result<void> borrow_key(const std::string& mapping) {
    if (find_ring(mapping, KEY_SPEC_THREAD_KEYRING) >= 0) return sdk::ok();
    return sdk::Error(HEARTH_E_NOT_SUPPORTED, "the key of " + mapping + " was not kept", errno);
}

void drop_key(const std::string& mapping) {
    const long ring = find_ring(mapping, 0);
    if (ring >= 0) syscall(SYS_keyctl, KEYCTL_UNLINK, ring, KEY_SPEC_USER_KEYRING);
}

}  // namespace hearth::luks
