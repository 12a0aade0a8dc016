// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "core/base/result.hpp"
#include "core/home/blobs.hpp"
#include "core/operation/operation.hpp"
#include "core/operation/replace_record.hpp"

namespace hearth::operation {

/// The files that belong to a record (core/home/blobs.hpp), on their way through an operation.

/// For a record that is new here: what came along with it, checked against its manifest, which is
/// made if there is none. Errors: blob-*, blobs-mismatch, blobs-too-large.
Result<home::Blobs> take_files(Operation& op, record::UserRecord& record);

/// The same for one that replaces `current`: without files in the request those that are there
/// stay.
Result<home::Blobs> take_files(Operation& op, record::UserRecord& next,
                               const record::UserRecord& current);

/// Puts new files beside those of the system's copy, where they wait for the record. Errors:
/// file-*, blob-folder.
Result<void> stage_files(Operation& op, const home::Blobs& files);

/// Says in the binding where the system's copy is, if there is one.
void bind_files(Operation& op, record::UserRecord& record);

/// Makes both copies what the record says; they hold what is needed for that. `root_fd`: the home's
/// top folder, -1 if it is not at hand. `thorough`: also if all names are right. A failure is worth
/// a warning: the next activation tries again.
void settle_files(Operation& op, const record::UserRecord& record, int root_fd, bool thorough);

/// Forgets the system's copy.
void drop_files(Operation& op);

/// The same if there is no record any more, or never was.
void drop_files_without_record(Operation& op);

/// What an update does about them.
class FileChange final : public MediumChange {
  public:
    explicit FileChange(Operation& op) : op_(op) {}
    Result<void> prepare(HomeAccess& home, record::UserRecord& next) override;
    Result<void> finish(HomeAccess& home, bool commit) override;

  private:
    Operation& op_;
};

}  // namespace hearth::operation
