// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <sys/stat.h>

#include <optional>

#include "core/operation/common.hpp"
#include "core/operation/found_image.hpp"
#include "core/operation/home_access.hpp"
#include "core/operation/new_home.hpp"
#include "core/operation/record_files.hpp"
#include "core/operation/verbs.hpp"
#include "core/record/effective.hpp"
#include "core/record/validate.hpp"
#include "core/system/safe_path.hpp"

namespace hearth::operation {

namespace {

/// Nobody: a file, or a folder of root's.
std::optional<uid_t> owner_of(const struct stat& info) {
    return S_ISDIR(info.st_mode) ? std::optional(info.st_uid) : std::nullopt;
}

/// A record that does not say how its home is kept means the one that lies at the usual place, if
/// any does. Gives the owner of its files.
Result<std::optional<uid_t>> take_what_is_there(Operation& op, record::UserRecord& record) {
    const record::Effective effective(record, op.machine());
    if (effective.text("storage") || effective.text("imagePath")) return std::optional<uid_t>();
    for (const auto& storage : op.registry().storages()) {
        const std::string image = "/home/" + record.identity() + storage.manifest->suffix;
        const auto place = system::open_parent(op.root().prefix(), image);
        struct stat info {};
        if (storage.manifest->suffix.empty() || !place ||
            ::fstatat(place->dir.get(), place->name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        HEARTH_TRY(name, storage_of_image(op, image));
        record.set_binding(op.machine().id, "imagePath", image);
        record.set_binding(op.machine().id, "storage", name);
        return owner_of(info);
    }
    return std::optional<uid_t>();
}

}  // namespace

Result<record::UserRecord> register_home(Operation& op, record::UserRecord wanted) {
    HEARTH_CHECK(record::validate_managed(wanted));
    HEARTH_CHECK(check_new_user(op, wanted));
    record::UserRecord record = wanted.with_sections(record::Sections::embedded);
    HEARTH_TRY(files, take_files(op, record));
    HEARTH_CHECK(sign_or_check(op, record));
    HEARTH_TRY(owner, take_what_is_there(op, record));
    HEARTH_CHECK(bind_to_machine(op, record, owner));
    bind_files(op, record);
    HEARTH_CHECK(op.run({
        {"writing the journal", [&] { return announce_record(op); }},
        {"keeping its files", [&] { return stage_files(op, files); }, [&] { drop_files(op); }},
        {"writing the record", [&] { return op.store().save(record); }, {}, true},
        {"putting its files in their place",
         [&] {
             if (!files.empty()) settle_files(op, record, -1, false);
             return ok();
         }},
    }));
    return record;
}

Result<void> unregister(Operation& op) {
    HEARTH_TRY(record, op.store().load(op.user()));
    HomeAccess home(op, std::move(record));
    return op.run({
        {"looking whether the home is in use", [&] { return home.require_inactive(); }},
        {"writing the journal", [&] { return announce_record(op); }},
        {"removing the record", [&] { return op.store().remove(op.user()); }, {}, true},
        {"removing the copies of its files",
         [&] {
             drop_files(op);
             return ok();
         }},
    });
}

}  // namespace hearth::operation
