// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/new_home.hpp"

#include "core/home/uid.hpp"
#include "core/operation/device_place.hpp"
#include "core/plugin/availability.hpp"
#include "core/record/effective.hpp"
#include "core/record/names.hpp"

namespace hearth::operation {

namespace {

using home::Neighbours;

/// The other homes of this machine: a service knows them, anybody else reads their records.
Result<Neighbours> neighbours(Operation& op) {
    if (op.request().neighbours) return *op.request().neighbours;
    // Before the records are read: whoever had it until now has written its own. What a service
    // knows says already who of those that are made at the same time may have it.
    op.reserve_uid(home::preferred_uid(op.user()));
    Neighbours out;
    HEARTH_TRY(names, op.store().names());
    for (const auto& name : names) {
        auto record = op.store().load(name);
        // A damaged record cannot tell what it holds; it is listed as damaged, and hinders nobody
        // else.
        if (name != op.user() && record) out.add(record::Effective(*record, op.machine()));
    }
    return out;
}

Error name_taken(const std::string& name) {
    return Error(Code::home_exists, "home-exists",
                 "There is already a home of a user who is called " + name + ".")
        .hint("Choose another name or alias.");
}

Result<void> check_aliases(const record::Effective& effective, const Neighbours& others,
                           Served served) {
    for (const auto& alias : effective.strings("aliases"))
        HEARTH_CHECK(record::check_managed_user_name(alias));
    for (const auto& name : home::names_of(effective)) {
        if (others.names.contains(name)) return name_taken(name);
        if (served == Served::no && name != effective.user_name())
            HEARTH_CHECK(home::check_name_free(name));
    }
    return ok();
}

Error path_taken(const std::string& path, const std::string& user) {
    return Error(Code::home_exists, "image-path-taken",
                 "The path " + path + " belongs to another home.")
        .why("It is the one of " + user + ".")
        .hint("Choose another with --image-path= or --home-dir=.");
}

Result<const plugin::StorageManifest*> find_default(Operation& op, const std::string& name) {
    auto found = op.find_storage(name);
    if (found) return found->manifest;
    return std::move(found).error().context("The storage for new homes in homed.conf, " + name +
                                            ", cannot be used.");
}

/// The wish, that of the administrator, or the one of the highest priority that can work on this
/// machine, as far as its manifest tells.
Result<const plugin::StorageManifest*> choose_storage(Operation& op,
                                                      const record::Effective& effective) {
    if (const auto wish = effective.text("storage")) {
        HEARTH_TRY(found, op.find_storage(*wish));
        return found.manifest;
    }
    const bool on_device = is_device_path(effective.text("imagePath").value_or(""));
    if (const auto& name = op.config().default_storage; !name.empty()) {
        HEARTH_TRY(configured, find_default(op, name));
        if (!on_device || configured->has("device")) return configured;
    }
    for (const auto& one : op.registry().storages())
        if (plugin::has_devices(one.entry->manifest->needs) &&
            (!on_device || one.manifest->has("device")))
            return one.manifest;
    return Error(Code::backend_unavailable, "storage-none",
                 "There is no storage plugin that could keep a home here.")
        .hint("See what is installed, and what is wrong with it, with: homectl plugins");
}

std::string default_image(const record::UserRecord& record,
                          const plugin::StorageManifest& storage) {
    return "/home/" + record.identity() + storage.suffix;
}

Result<void> check_image_path(const std::string& image, const plugin::StorageManifest& storage) {
    if (!is_device_path(image) || storage.has("device")) return ok();
    return Error(Code::not_supported, "image-path-device",
                 "The storage " + storage.name + " keeps no homes on devices, as " + image + ".")
        .hint("Leave --image-path= out, or choose another storage with --storage=.");
}

/// Other operations may be making homes at the same time, whose records nobody can read yet.
Result<uid_t> choose_uid(Operation& op, const record::Effective& effective,
                         std::optional<uid_t> owner, const Neighbours& others, Served served) {
    const home::UidTaken taken = [&](uid_t uid) {
        return others.uids.contains(uid) || !op.reserve_uid(uid);
    };
    const auto wish = effective.number("uid");
    if (!wish) return home::allocate_uid(effective.user_name(), owner, taken);
    if (served == Served::yes && !taken(static_cast<uid_t>(*wish)))
        return static_cast<uid_t>(*wish);
    HEARTH_CHECK(home::check_uid_free(static_cast<uid_t>(*wish), taken));
    return static_cast<uid_t>(*wish);
}

}  // namespace

Result<void> check_new_user(Operation& op, const record::UserRecord& record, Served served) {
    HEARTH_CHECK(record::check_managed_user_name(record.user_name()));
    if (auto there = op.store().load(record.user_name());
        there || there.error().id() != "home-unknown") {
        return Error(Code::home_exists, "home-exists",
                     "There is already a home of " + record.user_name() + ".")
            .hint("Choose another name, or change the home with: homectl update " +
                  record.user_name());
    }
    return served == Served::no ? home::check_name_free(record.user_name()) : ok();
}

Result<void> bind_to_machine(Operation& op, record::UserRecord& record, std::optional<uid_t> owner,
                             Served served) {
    const record::Effective effective(record, op.machine());
    HEARTH_TRY(storage, choose_storage(op, effective));
    HEARTH_TRY(others, neighbours(op));
    HEARTH_CHECK(check_aliases(effective, others, served));
    HEARTH_TRY(uid, choose_uid(op, effective, owner, others, served));
    const std::string image = effective.text("imagePath").value_or(default_image(record, *storage));
    const std::string folder = effective.home_directory();
    HEARTH_CHECK(check_image_path(image, *storage));
    for (const auto& path : {image, folder}) {
        if (const auto other = others.paths.find(path); other != others.paths.end())
            return path_taken(path, other->second);
    }
    const std::string& machine = op.machine().id;
    record.set_binding(machine, "storage", storage->name);
    if (storage->medium != plugin::Medium::network) record.set_binding(machine, "imagePath", image);
    record.set_binding(machine, "homeDirectory", folder);
    record.set_binding(machine, "uid", uid);
    record.set_binding(machine, "gid", uid);
    return ok();
}

Result<void> choose_file_system(Operation& op, record::UserRecord& record) {
    const record::Effective effective(record, op.machine());
    const std::string& wanted = op.config().default_file_system;
    if (wanted.empty() || effective.text("fileSystemType")) return ok();
    HEARTH_TRY(found, op.find_storage(effective.text("storage").value_or("")));
    const auto medium = found.manifest->medium;
    if (medium == plugin::Medium::file || medium == plugin::Medium::device)
        record.set_binding(op.machine().id, "fileSystemType", wanted);
    return ok();
}

}  // namespace hearth::operation
