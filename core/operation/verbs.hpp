// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

#include "core/base/result.hpp"
#include "core/operation/operation.hpp"

namespace hearth::operation {

/// The operations on a home, one file each, readable from top to bottom as the list of their steps.
/// What they return is the host's record afterwards.

/// Makes a home: the record as wanted (binding and status in it are ignored), unsigned or signed by
/// a trusted key. Errors: home-exists, user-exists, user-name-*, image-*, uid-taken, storage-*,
/// password-*, record-*, file-no-space.
Result<record::UserRecord> create(Operation& op, record::UserRecord wanted);

/// Makes the home of a user whose record is here already, but whose medium does not exist. Errors:
/// those of create() that are about the medium, and those of authenticating.
Result<record::UserRecord> realize(Operation& op);

/// Puts the home at its final place. Errors: home-active, bad-secret, too-many-attempts, storage-*,
/// record-*.
Result<record::UserRecord> activate(Operation& op);

/// Takes it away from there. Errors: home-not-active, home-busy (names who uses it),
/// storage-lingering; device-present (it was to be forced, without need).
Result<record::UserRecord> deactivate(Operation& op);

/// Does the password open the home? Errors: as activate().
Result<record::UserRecord> authenticate_home(Operation& op);

/// The same with an inactive home, whose medium may mend what is damaged in it. Errors: those of
/// authenticating, home-active.
Result<record::UserRecord> repair(Operation& op);

/// Replaces the record. Errors: record-downgrade, record-mismatch, field-immutable,
/// record-signed-elsewhere, and those of authenticating.
Result<record::UserRecord> update(Operation& op, record::UserRecord wanted);

/// The same with the host's record alone, without a password: the copy inside the home, which need
/// not be there, follows when it is next activated. Errors: those of update(), change-unfinished,
/// home-locked.
Result<record::UserRecord> update_offline(Operation& op, record::UserRecord wanted);

/// Replaces the password(s); without a new one gives the medium the keys that the record names, for
/// records that got others by update(). Errors: those of authenticating, password-*.
Result<record::UserRecord> passwd(Operation& op);

/// Gives the home the size of the request (see size.hpp), and notes it in the record for this
/// machine. Errors: those of authenticating, size-*, storage-bad-size, storage-not-supported.
Result<record::UserRecord> resize(Operation& op);

/// Gives an active home the size of the request, or what is nearest to it, without any secret and
/// without a word in its record. Cancelled, it keeps what it has reached. Errors: home-not-active,
/// home-locked, home-busy (it has to be opened first), size-fixed, storage-*.
Result<record::UserRecord> rebalance(Operation& op);

/// Takes the key of an active home out of the kernel: whatever reads or writes its files waits
/// until it is unlocked. Errors: home-not-active, home-locked, storage-cannot-lock, storage-*.
Result<record::UserRecord> lock(Operation& op);

/// Brings it back. The home's files are not touched: the host's record alone says whether the
/// password is right. Errors: home-not-locked, storage-cannot-lock, bad-secret, too-many-attempts.
Result<record::UserRecord> unlock(Operation& op);

/// Deletes the home and its record. Errors: home-active, home-unknown, storage-*.
/// `provisional`: what is known of a home that lies here without a record.
Result<void> remove(Operation& op, std::optional<record::UserRecord> provisional);

/// Writes a record of a user that is new here, unsigned or signed by a trusted key, and touches
/// nothing else: the home may be somewhere else, or not made yet. Errors: those of create() that
/// are about the record.
Result<record::UserRecord> register_home(Operation& op, record::UserRecord wanted);

/// Forgets the record; the home stays where it is. Errors: home-active, home-locked, home-unknown.
Result<void> unregister(Operation& op);

/// Takes a home in that lies at `image` (absolute, below the root): its record, signed by a trusted
/// key, becomes the host's. Errors: home-exists, adopt-*, record-*, uid-taken.
Result<record::UserRecord> adopt(Operation& op, const std::string& image);

/// The same for a home that was found and is not known yet but by what its place tells:
/// `provisional`, which has a binding. The password is checked against the record inside. Errors:
/// those of adopt() and of authenticating.
Result<record::UserRecord> fixate(Operation& op, record::UserRecord provisional);

/// The user that an image's file name speaks of. Errors: adopt-name.
Result<std::string> user_of_image(const std::string& image);

}  // namespace hearth::operation
