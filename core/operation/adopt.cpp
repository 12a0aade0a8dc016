// SPDX-License-Identifier: LGPL-2.1-or-later
#include <sys/stat.h>

#include <optional>

#include "core/operation/attempt.hpp"
#include "core/operation/common.hpp"
#include "core/operation/credentials.hpp"
#include "core/operation/found_image.hpp"
#include "core/operation/home_access.hpp"
#include "core/operation/new_home.hpp"
#include "core/operation/record_files.hpp"
#include "core/operation/verbs.hpp"
#include "core/record/validate.hpp"

namespace hearth::operation {

namespace {

Error no_record_inside(const std::string& image) {
    return Error(Code::corrupt, "adopt-no-record",
                 "There is no record of a user inside " + image + ".")
        .why("Without its file .identity it is a folder like any other.");
}

Error of_somebody_else(const std::string& image, const record::UserRecord& found) {
    return Error(Code::invalid_argument, "adopt-name-mismatch",
                 "The home " + image + " belongs to somebody else.")
        .why("The record inside is of " + found.identity() + ".")
        .hint("Rename it accordingly.");
}

/// The record inside becomes the host's, bound to this machine.
Result<record::UserRecord> take_record(Operation& op, HomeAccess& home, Served served) {
    const std::string image = home.effective().text("imagePath").value_or("");
    HEARTH_TRY(inside, home.record_inside());
    if (!inside) return no_record_inside(image);
    if (inside->identity() != home.record().identity()) return of_somebody_else(image, *inside);
    struct stat top {};
    if (::fstat(home.root_fd(), &top) != 0)
        return Error(Code::io, "home-unreadable", "The home cannot be looked at.");
    inside->take_binding_of(home.record());
    // The record knows better where its home wants to be.
    inside->remove_binding(op.machine().id, "homeDirectory");
    HEARTH_CHECK(bind_to_machine(op, *inside, top.st_uid, served));
    bind_files(op, *inside);
    return std::move(*inside);
}

/// What adopt and fixate have in common. `attempt`: the password is checked with it.
Result<record::UserRecord> take_in(Operation& op, HomeAccess& home, Served served,
                                   Attempt* attempt) {
    std::optional<record::UserRecord> taken;
    const auto watched = [&](Result<void> outcome) {
        return attempt != nullptr ? attempt->watch(std::move(outcome)) : std::move(outcome);
    };
    HEARTH_CHECK(op.run({
        {"looking whether the home is free", [&] { return home.require_inactive(); }},
        {"writing the journal",
         [&] {
             return op.write_intent(home.storage_name(), system::Durability::synced,
                                    &home.record());
         }},
        {"opening the medium", [&] { return watched(home.open()); }, [&] { home.roll_back(); }},
        {"reading the record in it",
         [&]() -> Result<void> {
             HEARTH_TRY(found, take_record(op, home, served));
             taken = std::move(found);
             return ok();
         }},
        {"checking the password",
         [&] {
             return attempt != nullptr ? attempt->settle(*taken, authenticate(op, *taken)) : ok();
         }},
        {"writing the record", [&] { return op.store().save(*taken); }, {}, true},
        {"copying its files",
         [&] {
             settle_files(op, *taken, home.root_fd(), true);
             return ok();
         }},
        {"closing the medium", [&] { return home.close(HEARTH_CLOSE_ROLLBACK); }},
    }));
    return std::move(*taken);
}

}  // namespace

Result<record::UserRecord> adopt(Operation& op, const std::string& image) {
    HEARTH_TRY(storage, storage_of_image(op, image));
    HEARTH_TRY(provisional, provisional_record(op, image, storage));
    HEARTH_CHECK(check_new_user(op, provisional));
    HomeAccess home(op, std::move(provisional));
    return take_in(op, home, Served::no, nullptr);
}

Result<record::UserRecord> fixate(Operation& op, record::UserRecord provisional) {
    HEARTH_CHECK(record::validate(provisional));
    HEARTH_CHECK(find_out_storage(op, provisional));
    HEARTH_CHECK(check_new_user(op, provisional, Served::yes));
    Attempt attempt(op, provisional, Attempt::Record::none);
    HomeAccess home(op, std::move(provisional));
    HEARTH_CHECK(attempt.begin());
    return take_in(op, home, Served::yes, &attempt);
}

}  // namespace hearth::operation
