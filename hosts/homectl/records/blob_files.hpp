// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

#include "core/base/result.hpp"
#include "core/home/blobs.hpp"
#include "core/home/root.hpp"
#include "core/record/effective.hpp"
#include "hosts/homectl/options/blob_changes.hpp"

namespace hearth::homectl {

/// All files that a record is to have after these changes, open for reading; nothing: they stay as
/// they are. `current`: the record that there is (null: a new one); `root`: where it says where its
/// files are. Errors: blob-file, blob-name, blob-folder-unreadable.
Result<std::optional<home::BlobFiles>> open_blob_files(const BlobChanges& changes,
                                                       const record::UserRecord* current,
                                                       const record::Machine& machine,
                                                       const home::Root& root);

/// The same files again, for another attempt. Errors: blob-file.
Result<std::optional<home::BlobFiles>> copy_blob_files(const std::optional<home::BlobFiles>& files);

}  // namespace hearth::homectl
