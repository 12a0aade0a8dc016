// SPDX-License-Identifier: LGPL-2.1-or-later
#include <sys/stat.h>

#include "core/operation/common.hpp"
#include "core/operation/embedded.hpp"
#include "core/operation/home_access.hpp"
#include "core/operation/new_home.hpp"
#include "core/operation/verbs.hpp"
#include "core/record/names.hpp"

namespace hearth::operation {

namespace {

Error not_a_home(const std::string& image) {
    return Error(Code::invalid_argument, "adopt-name",
                 "The name of " + image + " does not say whose home it is.")
        .why("A home is kept as USER.homedir or USER.home (or USER@REALM before the dot).")
        .hint("Rename it to what it was called on the machine that it comes from.");
}

std::string stem_of(const std::string& image) {
    const std::string name = image.substr(image.rfind('/') + 1);
    return name.substr(0, name.rfind('.'));
}

/// Which storages call their images like this one? The plugin that knows it for certain gets it.
Result<plugin::Registry::Storage> storage_of(Operation& op, const std::string& image) {
    for (const auto& storage : op.registry().storages()) {
        const std::string& suffix = storage.manifest->suffix;
        if (!suffix.empty() && image.ends_with(suffix)) return storage;
    }
    return Error(Code::backend_unavailable, "adopt-storage",
                 "No installed plugin keeps homes like " + image + ".")
        .hint("See what is installed with: homectl plugins");
}

/// What is known before the medium is open: names and places.
Result<record::UserRecord> provisional_record(Operation& op, const std::string& image,
                                              const std::string& storage) {
    const std::string stem = stem_of(image);
    HEARTH_TRY(record, record::UserRecord::parse(R"({"userName":")" + op.user() + R"("})"));
    if (const auto at = stem.find('@'); at != std::string::npos)
        HEARTH_CHECK(record.set("realm", stem.substr(at + 1)));
    record.set_binding(op.machine().id, "imagePath", image);
    record.set_binding(op.machine().id, "homeDirectory", "/home/" + op.user());
    record.set_binding(op.machine().id, "storage", storage);
    return record;
}

/// The record inside becomes the host's, bound to this machine.
Result<record::UserRecord> take_record(Operation& op, HomeAccess& home, const std::string& image) {
    HEARTH_TRY(embedded, load_embedded(op, home.root_fd()));
    if (!embedded) {
        return Error(Code::corrupt, "adopt-no-record",
                     "There is no record of a user inside " + image + ".")
            .why("Without its file .identity it is a folder like any other.");
    }
    if (embedded->identity() != home.record().identity()) {
        return Error(Code::invalid_argument, "adopt-name-mismatch",
                     "The home " + image + " belongs to somebody else.")
            .why("The record inside is of " + embedded->identity() + ".")
            .hint("Rename it accordingly.");
    }
    struct stat top {};
    if (::fstat(home.root_fd(), &top) != 0)
        return Error(Code::io, "home-unreadable", "The home cannot be looked at.");
    embedded->set_binding(op.machine().id, "imagePath", image);
    embedded->set_binding(op.machine().id, "storage", home.storage_name());
    HEARTH_CHECK(bind_to_machine(op, *embedded, top.st_uid));
    return std::move(*embedded);
}

}  // namespace

Result<std::string> user_of_image(const std::string& image) {
    const std::string stem = stem_of(image);
    const std::string user = stem.substr(0, stem.find('@'));
    if (image.empty() || image.front() != '/' || stem.empty()) return not_a_home(image);
    if (!record::check_managed_user_name(user)) return not_a_home(image);
    return user;
}

Result<record::UserRecord> adopt(Operation& op, const std::string& image) {
    HEARTH_TRY(storage, storage_of(op, image));
    HEARTH_TRY(provisional, provisional_record(op, image, storage.manifest->name));
    HEARTH_CHECK(check_new_user(op, provisional));
    HomeAccess home(op, std::move(provisional));
    std::optional<record::UserRecord> adopted;
    HEARTH_CHECK(op.run({
        {"looking whether the home is free", [&] { return home.require_inactive(); }},
        {"writing the journal",
         [&] { return op.write_intent(home.storage_name(), &home.record()); }},
        {"opening the medium", [&] { return home.open(); }, [&] { home.roll_back(); }},
        {"reading the record in it",
         [&]() -> Result<void> {
             HEARTH_TRY(taken, take_record(op, home, image));
             adopted = std::move(taken);
             return ok();
         }},
        {"writing the record", [&] { return op.store().save(*adopted); }, {}, true},
        {"closing the medium", [&] { return home.close(HEARTH_CLOSE_ROLLBACK); }},
    }));
    return std::move(*adopted);
}

}  // namespace hearth::operation
