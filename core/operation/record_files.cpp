// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/record_files.hpp"

#include "core/home/blob_folder.hpp"
#include "core/operation/home_access.hpp"

namespace hearth::operation {

namespace {

using home::BlobFolder;
using home::BlobManifest;

Error mismatch(const record::UserRecord& record, std::string why) {
    return Error(Code::invalid_argument, "blobs-mismatch",
                 "The record of " + record.user_name() +
                     " and the files that came with it do not belong together.")
        .why(std::move(why));
}

bool has_manifest(const record::UserRecord& record) {
    return record.json().get("blobManifest").object() != nullptr;
}

Result<home::Blobs> take_given(const home::BlobFiles& given, record::UserRecord& record) {
    HEARTH_TRY(blobs, home::read_blobs(given));
    const BlobManifest manifest = home::make_manifest(blobs);
    if (has_manifest(record)) {
        if (home::manifest_of(record) != manifest)
            return mismatch(record, "It names other files, or the same with other contents.");
    } else if (!manifest.empty()) {
        if (record.get("signature")) return mismatch(record, "It was signed without them.");
        HEARTH_CHECK(home::set_manifest(record, manifest));
    }
    return blobs;
}

/// Makes it if there is anything to put into it.
Result<std::optional<BlobFolder>> system_folder(Operation& op, bool needed) {
    if (!needed) return BlobFolder::open_system(op.root(), op.user());
    HEARTH_TRY(made, BlobFolder::make_system(op.root(), op.user()));
    return std::optional(std::move(made));
}

Result<std::optional<BlobFolder>> folder_in_home(int root_fd, bool needed) {
    if (root_fd < 0) return std::optional<BlobFolder>();
    if (!needed) return BlobFolder::open_in_home(root_fd);
    HEARTH_TRY(made, BlobFolder::make_in_home(root_fd));
    return std::optional(std::move(made));
}

/// The one in the home first: as long as files wait in the system's copy, it is known that there is
/// something to do. False: some content is lost.
Result<bool> settle(Operation& op, const BlobManifest& manifest, int root_fd, bool thorough) {
    HEARTH_TRY(system, system_folder(op, !manifest.empty()));
    HEARTH_TRY(inside, folder_in_home(root_fd, !manifest.empty()));
    const auto right = [&](const std::optional<BlobFolder>& folder) {
        return !folder || folder->seems_right(manifest);
    };
    if (!thorough && right(system) && right(inside)) return true;
    bool complete = true;
    if (inside) {
        HEARTH_TRY(done, inside->settle(manifest, system ? &*system : nullptr));
        complete = complete && done;
    }
    if (system) {
        HEARTH_TRY(done, system->settle(manifest, inside ? &*inside : nullptr));
        complete = complete && done;
    }
    return complete;
}

}  // namespace

Result<home::Blobs> take_files(Operation& op, record::UserRecord& record) {
    if (op.request().blobs) return take_given(*op.request().blobs, record);
    if (op.verb() == Verb::create && !home::manifest_of(record).empty())
        return mismatch(record, "It names files, and none came along.");
    return home::Blobs();
}

Result<home::Blobs> take_files(Operation& op, record::UserRecord& next,
                               const record::UserRecord& current) {
    if (op.request().blobs) return take_given(*op.request().blobs, next);
    // One that was signed elsewhere may name files that come with the home.
    if (next.get("signature")) return home::Blobs();
    const BlobManifest there = home::manifest_of(current);
    if (!has_manifest(next)) {
        HEARTH_CHECK(home::set_manifest(next, there));
        return home::Blobs();
    }
    for (const auto& [name, hash] : home::manifest_of(next)) {
        const auto found = there.find(name);
        if (found == there.end() || found->second != hash)
            return mismatch(next, "It names " + name + ", which did not come along.");
    }
    return home::Blobs();
}

Result<void> stage_files(Operation& op, const home::Blobs& files) {
    if (files.empty()) return ok();
    HEARTH_TRY(folder, BlobFolder::make_system(op.root(), op.user()));
    return folder.stage(files);
}

void bind_files(Operation& op, record::UserRecord& record) {
    if (home::manifest_of(record).empty())
        record.remove_binding(op.machine().id, "blobDirectory");
    else
        record.set_binding(op.machine().id, "blobDirectory", BlobFolder::system_path(op.user()));
}

void settle_files(Operation& op, const record::UserRecord& record, int root_fd, bool thorough) {
    const auto settled = settle(op, home::manifest_of(record), root_fd, thorough);
    if (!settled)
        op.warn("The files that belong to the record could not be brought up to date.",
                settled.error());
    else if (!*settled)
        op.warn("Some of the files that belong to the record of " + op.user() + " are missing.");
}

void drop_files(Operation& op) {
    if (auto dropped = BlobFolder::remove_system(op.root(), op.user()); !dropped)
        op.warn("The copies of the files that belonged to the record could not be removed.",
                dropped.error());
}

void drop_files_without_record(Operation& op) {
    const auto record = op.store().load(op.user());
    if (!record && record.error().id() == "home-unknown") drop_files(op);
}

Result<void> FileChange::prepare(HomeAccess& home, record::UserRecord& next) {
    HEARTH_TRY(files, take_files(op_, next, home.record()));
    bind_files(op_, next);
    return stage_files(op_, files);
}

Result<void> FileChange::finish(HomeAccess& home, bool commit) {
    settle_files(op_, home.record(), commit ? home.root_fd() : -1, commit);
    return ok();
}

}  // namespace hearth::operation
