// SPDX-License-Identifier: LGPL-2.1-or-later
#include <unistd.h>

#include <cerrno>
#include <optional>

#include "core/operation/common.hpp"
#include "core/operation/credentials.hpp"
#include "core/operation/home_access.hpp"
#include "core/operation/new_home.hpp"
#include "core/operation/place.hpp"
#include "core/operation/populate.hpp"
#include "core/operation/record_files.hpp"
#include "core/operation/verbs.hpp"
#include "core/record/validate.hpp"
#include "core/system/files.hpp"
#include "core/system/mounts.hpp"

namespace hearth::operation {

namespace {

/// A new home: its record, and the files that came with it.
struct Prepared {
    record::UserRecord record;
    home::Blobs files;
};

/// The record that will be stored: checked, bound to this machine, with its password hashed, and
/// signed.
Result<Prepared> prepare_record(Operation& op, const record::UserRecord& wanted) {
    HEARTH_CHECK(record::validate_managed(wanted));
    HEARTH_CHECK(check_new_user(op, wanted));
    record::UserRecord record = wanted.with_sections(record::Sections::embedded);
    if (record.hashed_passwords().empty()) {
        HEARTH_CHECK(set_new_passwords(op, record));
    } else {
        HEARTH_CHECK(check_hashes(op, record));
        HEARTH_CHECK(check_given_passwords(op, record));
    }
    HEARTH_CHECK(hash_new_keys(op, record));
    HEARTH_TRY(files, take_files(op, record));
    HEARTH_CHECK(sign_or_check(op, record));
    bind_files(op, record);
    HEARTH_CHECK(bind_to_machine(op, record, std::nullopt));
    HEARTH_CHECK(choose_file_system(op, record));
    return Prepared{std::move(record), std::move(files)};
}

/// The record of a home that has one here already, with what its binding leaves open.
Result<Prepared> load_to_realize(Operation& op) {
    HEARTH_TRY(record, load_trusted(op));
    HEARTH_CHECK(record::validate_managed(record));
    HEARTH_CHECK(authenticate(op, record));
    HEARTH_CHECK(check_given_passwords(op, record));
    HEARTH_CHECK(bind_to_machine(op, record, std::nullopt, Served::yes));
    HEARTH_CHECK(choose_file_system(op, record));
    bind_files(op, record);
    return Prepared{std::move(record), {}};
}

/// Stock tools refuse records of storages that they do not know.
Result<void> tell_who_opens_it(Operation& op, const std::string& storage) {
    HEARTH_TRY(found, op.find_storage(storage));
    if (!found.entry->builtin)
        op.warn("Only Hearth with the plugin " + found.entry->manifest->id +
                " opens this home; systemd-homed does not know the storage " + storage + ".");
    return ok();
}

/// A home is never made over something else.
Result<void> check_places(Operation& op, HomeAccess& home) {
    HEARTH_CHECK(home.require_inactive());
    HEARTH_TRY(target, home_directory_of(op, home.record()));
    const bool is_image_itself =
        home.effective().text("imagePath") == home.effective().home_directory();
    HEARTH_CHECK(check_target(target, is_image_itself));
    HEARTH_CHECK(check_image(op, home.record(), Image::absent));
    HEARTH_TRY(storage, home.provider());
    HEARTH_CHECK(storage->validate(home.view()));
    return tell_who_opens_it(op, home.storage_name());
}

/// A medium with keys is synced while it is made, so that a power cut could leave it without a
/// journal that is not. Any other journal is synced with the home, before that has its name.
Result<void> announce(Operation& op, HomeAccess& home) {
    HEARTH_TRY(found, op.find_storage(home.storage_name()));
    const bool has_keys = found.manifest->credentials == plugin::Credentials::slots;
    return op.write_intent(home.storage_name(),
                           has_keys ? system::Durability::synced : system::Durability::atomic,
                           &home.record());
}

/// The end of a creation: the home gets its name, then the record does.
class Commitment {
  public:
    Commitment(Operation& op, HomeAccess& home) : op_(op), home_(home) {}

    /// From here on the medium decides: if it is at its place, the home is made, and recovery
    /// writes the record.
    Result<void> commit_medium() {
        HEARTH_CHECK(op_.journal().set_record(home_.record()));
        HEARTH_CHECK(op_.journal().set_phase(Phase::committing));
        HEARTH_TRY(record, op_.store().prepare(home_.record()));
        record_.emplace(std::move(record));
        HEARTH_CHECK(sync());
        auto closed = home_.close(HEARTH_CLOSE_COMMIT);
        // It did not get its place: whatever is there belongs to somebody else, and recovery must
        // not take it for this home when the one that was made is gone.
        if (!closed) HEARTH_CHECK(op_.journal().set_phase(Phase::begun));
        return closed;
    }

    /// A power cut that takes the record's name brings back the journal, which has it as well.
    /// Without a record nobody would ever find the home, and there is nothing of anybody's in it.
    Result<void> write_record() {
        auto saved = record_->take_place();
        if (saved) return saved;
        HEARTH_TRY(storage, home_.provider());
        // If even that fails the journal stays, and recovery has the last word.
        if (storage->remove(home_.view())) HEARTH_CHECK(op_.journal().clear());
        return saved;
    }

  private:
    /// All of the home is on the disk before it has its name: without this a power cut soon after
    /// could leave a home full of empty files. On one mount with them, it takes the journal and
    /// the record along.
    Result<void> sync() {
        HEARTH_TRY(folder, system::open_dir(op_.root().journal_dir()));
        HEARTH_TRY(of_journal, system::mount_id(folder.get()));
        HEARTH_TRY(of_home, system::mount_id(home_.root_fd()));
        if (::syncfs(home_.root_fd()) != 0)
            return Error(Code::io, "file-write", "The new home could not be put on the disk.")
                .sys(errno);
        if (of_journal == of_home) return ok();
        HEARTH_CHECK(record_->sync());
        return op_.journal().sync();
    }

    Operation& op_;
    HomeAccess& home_;
    std::optional<system::PreparedFile> record_;
};

Result<void> keep_files(Operation& op, HomeAccess& home, const home::Blobs& files) {
    HEARTH_CHECK(stage_files(op, files));
    settle_files(op, home.record(), home.root_fd(), false);
    return ok();
}

Result<record::UserRecord> make_home(Operation& op, Prepared prepared) {
    HomeAccess home(op, std::move(prepared.record));
    Commitment end(op, home);
    HEARTH_CHECK(op.run({
        {"looking whether the place is free", [&] { return check_places(op, home); }},
        {"writing the journal", [&] { return announce(op, home); }},
        {"making the medium", [&] { return home.create(); }, [&] { home.roll_back(); }},
        {"filling the home", [&] { return populate(op, home); }},
        {"keeping its files", [&] { return keep_files(op, home, prepared.files); },
         [&] {
             if (!op.request().realize) drop_files(op);
         }},
        {"putting the medium in its place", [&] { return end.commit_medium(); }, {}, true},
        {"writing the record", [&] { return end.write_record(); }},
    }));
    return std::move(home.record());
}

}  // namespace

Result<record::UserRecord> create(Operation& op, record::UserRecord wanted) {
    HEARTH_TRY(prepared, prepare_record(op, wanted));
    return make_home(op, std::move(prepared));
}

Result<record::UserRecord> realize(Operation& op) {
    HEARTH_TRY(prepared, load_to_realize(op));
    return make_home(op, std::move(prepared));
}

}  // namespace hearth::operation
