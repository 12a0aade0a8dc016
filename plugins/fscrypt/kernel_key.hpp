// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/sdk.hpp>

#include "policy.hpp"

// Volume keys in the kernel. They are kept with the file system, for both versions of policies:
// what they unlock is readable for every process that may open it, and is evicted when the key
// goes. (The user's own keyring, where systemd-homed puts keys of version 1, offers neither.)

namespace hearth::fscrypt {

/// `busy`: the key is gone, but open files are still readable.
enum class KeyState { absent, present, busy };

/// `fs` is any open file of the file system, opened for reading.
sdk::Result<KeyState> key_state(int fs, const Policy& policy);
/// Adding a key that is there already is no error.
sdk::Result<void> add_key(sdk::Op op, int fs, const Policy& policy, SecretBytes volume_key);
/// Removes the key, whoever added it, and evicts what it unlocked; says what is left, absent or
/// busy.
sdk::Result<KeyState> remove_key(int fs, const Policy& policy);

/// For a home that systemd-homed activated with a key of version 1 in its user's keyring: lends
/// the key to this thread alone. Nothing to do for version 2.
sdk::Result<void> lend_key(sdk::Op op, const Policy& policy, SecretBytes volume_key);
sdk::Result<void> take_back_key(sdk::Op op, const Policy& policy);
/// Takes the key out of the user's keyring, if systemd-homed put it there.
sdk::Result<void> forget_users_key(sdk::Op op, const Policy& policy);
/// Evicts what such a key unlocked: only by dropping all inodes that the kernel has cached, which
/// slows the machine down for a moment.
sdk::Result<void> evict_everything();

}  // namespace hearth::fscrypt
