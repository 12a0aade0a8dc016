// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/home/root.hpp"
#include "core/record/user_record.hpp"
#include "core/system/files.hpp"

namespace hearth::home {

/// The host's copies of the user records: `<user>.identity` in the state folder, normalized, mode
/// 0600, owner root.
class Store {
  public:
    /// Opens the folder; one that does not exist yet is an empty store, and is made by the first
    /// save(). Errors: store-unreadable.
    static Result<Store> open(const Root& root);

    /// Every user with a record, sorted. Files of other names are not ours to touch.
    [[nodiscard]] Result<std::vector<std::string>> names() const;

    /// Reads and validates one record; its signature is the caller's business.
    /// Errors: home-unknown, record-* (what is wrong with the file), record-name-mismatch.
    [[nodiscard]] Result<record::UserRecord> load(const std::string& user) const;

    /// Resolves what a person may type: a user name, user@realm, or a UID.
    [[nodiscard]] Result<record::UserRecord> find(const std::string& name,
                                                  const record::Machine& machine) const;

    /// Makes the folder if it does not exist yet: keys live there as well. Errors:
    /// store-unreadable.
    Result<void> ensure_dir();
    /// Replaces a record in one step; on disk when this returns, unless that is not wanted.
    Result<void> save(const record::UserRecord& record,
                      system::Durability durability = system::Durability::synced);
    /// Writes a record that only has to take its place. Not synced; gone with the object otherwise.
    Result<system::PreparedFile> prepare(const record::UserRecord& record);
    /// Forgets a record, in the same way. A missing one is no error.
    Result<void> remove(const std::string& user,
                        system::Durability durability = system::Durability::synced);

  private:
    Store(Root root, UniqueFd dir) : root_(std::move(root)), dir_(std::move(dir)) {}

    Root root_;
    UniqueFd dir_;
};

/// home-unknown: there is no home of whoever is meant by `name`.
[[nodiscard]] Error unknown_home(const std::string& name);

}  // namespace hearth::home
