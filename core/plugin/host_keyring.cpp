// SPDX-License-Identifier: LGPL-2.1-or-later
#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>
#include <thread>

#include "core/plugin/host_tables.hpp"
#include "core/plugin/secret_handle.hpp"

namespace hearth::plugin {
namespace {

using Key = std::int32_t;
using secret::Secret;

constexpr std::size_t kMaxKey = 32768;

Error key_error(std::string_view doing, int cause) {
    const Code code = cause == EDQUOT                      ? Code::no_space
                      : cause == ENOSYS || cause == ENOKEY ? Code::not_supported
                      : cause == EPERM || cause == EACCES  ? Code::permission
                      : cause == ENOMEM                    ? Code::no_memory
                                                           : Code::io;
    return Error(code, "keyring", "A key in the kernel could not be " + std::string(doing) + ".")
        .sys(cause);
}

Result<Key> search(Key ring, const char* type, const char* description) {
    const long key = ::syscall(SYS_keyctl, KEYCTL_SEARCH, ring, type, description, 0);
    if (key < 0) return key_error("found", errno);
    return static_cast<Key>(key);
}

Result<void> add_key(Key ring, const char* type, const char* description, std::string_view bytes) {
    if (::syscall(SYS_add_key, type, description, bytes.data(), bytes.size(), ring) < 0)
        return key_error("added", errno);
    return ok();
}

Result<void> unlink_key(Key ring, const char* type, const char* description) {
    auto key = search(ring, type, description);
    if (!key) return key.error().code() == Code::not_supported ? ok() : std::move(key).error();
    if (::syscall(SYS_keyctl, KEYCTL_UNLINK, *key, ring) < 0) return key_error("removed", errno);
    return ok();
}

Result<Secret> read_key(Key ring, const char* description) {
    HEARTH_TRY(key, search(ring, "user", description));
    const long size = ::syscall(SYS_keyctl, KEYCTL_READ, key, nullptr, 0);
    if (size < 0) return key_error("read", errno);
    if (static_cast<std::size_t>(size) > kMaxKey) return key_error("read", E2BIG);
    HEARTH_TRY(secret, Secret::with_size(static_cast<std::size_t>(size)));
    const long got = ::syscall(SYS_keyctl, KEYCTL_READ, key, secret.expose().data(), secret.size());
    if (got != size) return key_error("read", got < 0 ? errno : EIO);
    return secret;
}

/// Runs `body` as the owner of the home. The C library changes the ids of all threads together; the
/// system calls change those of one, so that a thread of its own can be the user for a moment. A
/// child process could not do it: secrets read as zeros there.
template <typename Body>
Result<void> as_user(uid_t uid, gid_t gid, Body body) {
    Result<void> result = ok();
    std::thread([&] {
        if (::syscall(SYS_setresgid, gid, gid, gid) != 0 ||
            ::syscall(SYS_setresuid, uid, uid, uid) != 0)
            result = key_error("used for the home's owner", errno);
        else
            result = body(KEY_SPEC_USER_KEYRING);
    }).join();
    return result;
}

template <typename Body>
hearth_status in_keyring(hearth_op* op, std::uint32_t keyring, Body body) {
    return guarded([&]() -> hearth_status {
        const auto& context = OperationContext::of(op);
        Result<void> result = ok();
        if (keyring == HEARTH_KEYRING_THREAD)
            result = body(KEY_SPEC_THREAD_KEYRING);
        else if (keyring == HEARTH_KEYRING_HOME_USER && context.home_uid && context.home_gid)
            result = as_user(*context.home_uid, *context.home_gid, body);
        else
            return HEARTH_E_NOT_SUPPORTED;
        return result ? HEARTH_OK : report(op, result.error());
    });
}

hearth_status add(hearth_op* op, std::uint32_t keyring, const char* type, const char* description,
                  const hearth_secret* payload) {
    if (type == nullptr || description == nullptr || payload == nullptr)
        return HEARTH_E_INVALID_ARGUMENT;
    return in_keyring(op, keyring, [&](Key ring) {
        return add_key(ring, type, description, from_handle(payload)->view());
    });
}

hearth_status read(hearth_op* op, std::uint32_t keyring, const char* description,
                   hearth_secret** out) {
    if (description == nullptr || out == nullptr) return HEARTH_E_INVALID_ARGUMENT;
    return in_keyring(op, keyring, [&](Key ring) -> Result<void> {
        HEARTH_TRY(secret, read_key(ring, description));
        *out = to_handle(new Secret(std::move(secret)));
        return ok();
    });
}

hearth_status unlink(hearth_op* op, std::uint32_t keyring, const char* type,
                     const char* description) {
    if (type == nullptr || description == nullptr) return HEARTH_E_INVALID_ARGUMENT;
    return in_keyring(op, keyring, [&](Key ring) { return unlink_key(ring, type, description); });
}

}  // namespace

const hearth_host_keyring kKeyringTable = {sizeof(hearth_host_keyring), 0, add, read, unlink};

}  // namespace hearth::plugin
