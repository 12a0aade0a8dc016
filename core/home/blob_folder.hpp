// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/home/blobs.hpp"
#include "core/home/root.hpp"

namespace hearth::home {

/// One copy of the files of a record: a folder with a file for each. There are two, that of the
/// system, which everybody can read, and the one inside the home.
///
/// The manifest alone says what is right, so that any copy can be repaired from the other. New
/// files wait under the name of their hash until the record that names them is written; files
/// whose names begin with a dot tell that this was interrupted. Nothing in the folder is followed.
class BlobFolder {
  public:
    /// /var/cache/systemd/home/USER. Nothing: there is none. Errors: file-*.
    static Result<std::optional<BlobFolder>> open_system(const Root& root, const std::string& user);
    /// Is it there, and can everybody look into it?
    static bool has_system(const Root& root, const std::string& user);
    /// Makes it if need be. Errors: file-*, blob-folder.
    static Result<BlobFolder> make_system(const Root& root, const std::string& user);
    /// Deletes it with all that is in it. Errors: file-*.
    static Result<void> remove_system(const Root& root, const std::string& user);
    /// Deletes those of users who have no record, for the start of a service. What is no such
    /// folder stays.
    static void remove_unknown(const Root& root, const std::vector<std::string>& known);
    /// What a record calls the first one.
    static std::string system_path(const std::string& user);

    /// .identity-blob in the top folder of a home. Errors: file-*.
    static Result<std::optional<BlobFolder>> open_in_home(int home_fd);
    static Result<BlobFolder> make_in_home(int home_fd);

    /// The content of that file if it has this hash, or one that waits under it.
    [[nodiscard]] std::optional<std::string> find(const std::string& name,
                                                  const std::string& hash) const;
    /// Are there all the names of the manifest and no others? Reads no file.
    [[nodiscard]] bool seems_right(const BlobManifest& manifest) const;
    /// Writes new files under the names of their hashes, on disk when this returns. Errors: file-*.
    Result<void> stage(const Blobs& blobs);
    /// Makes the folder what the manifest says: with its own files, those that wait, and those of
    /// the other copy (may be null). Everything else goes. False: there is no right content for
    /// some of them. Errors: file-*.
    Result<bool> settle(const BlobManifest& manifest, const BlobFolder* other);

  private:
    BlobFolder(UniqueFd folder, uid_t owner) : folder_(std::move(folder)), owner_(owner) {}
    static Result<std::optional<BlobFolder>> open(Result<UniqueFd> folder);
    /// The same content under another name.
    [[nodiscard]] std::optional<std::string> find_twin(const BlobManifest& manifest,
                                                       const std::string& hash) const;
    Result<void> put(const std::string& name, const std::string& hash, std::string_view content);
    void remove_others(const BlobManifest& manifest);

    UniqueFd folder_;
    uid_t owner_;
};

}  // namespace hearth::home
