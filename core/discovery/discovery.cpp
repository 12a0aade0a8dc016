// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/discovery/discovery.hpp"

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "core/discovery/partitions.hpp"
#include "core/home/store.hpp"
#include "core/home/uid.hpp"
#include "core/record/effective.hpp"

namespace hearth::discovery {

namespace {

constexpr const char* kHomes = "/home";

/// Homes on a file server are other machines' as well, and looking at a folder that is mounted when
/// it is looked at would mount it.
bool is_remote(const std::string& folder) {
    constexpr std::array<unsigned long, 9> kRemote = {
        AUTOFS_SUPER_MAGIC, NFS_SUPER_MAGIC, SMB_SUPER_MAGIC, CIFS_SUPER_MAGIC, SMB2_SUPER_MAGIC,
        CEPH_SUPER_MAGIC,   AFS_SUPER_MAGIC, V9FS_MAGIC,      CODA_SUPER_MAGIC};
    struct statfs info {};
    if (::statfs(folder.c_str(), &info) != 0) return true;
    const auto type = static_cast<unsigned long>(info.f_type) & 0xFFFFFFFFUL;
    return std::find(kRemote.begin(), kRemote.end(), type) != kRemote.end();
}

Error not_a_home(const std::string& image, std::string why) {
    return Error(Code::invalid_argument, "found-format", "There is no home at " + image + ".")
        .why(std::move(why))
        .hint("A home is kept in USER.home or USER.homedir (or USER@REALM before the dot).");
}

Error known_already(const std::string& user) {
    return Error(Code::home_exists, "home-exists", "There is already a home of " + user + ".")
        .hint("See the homes that there are with: homectl list");
}

/// Where a link leads, as a path below the root: a home is used where it is, not through a link
/// that somebody could change. Nothing: it leads nowhere, or out of the root.
std::optional<std::string> resolve(const home::Root& root, const std::string& image) {
    std::error_code error;
    const std::string real = std::filesystem::canonical(root.path(image), error).string();
    const std::string top =
        root.prefix().empty() ? "" : std::filesystem::canonical(root.prefix(), error).string();
    if (error || !real.starts_with(top + "/")) return std::nullopt;
    return real.substr(top.size());
}

}  // namespace

Discovery::Known Discovery::list_known() const {
    Known known;
    const auto store = home::Store::open(root_);
    const auto names = store ? store->names() : Result<std::vector<std::string>>({});
    for (const auto& name : names.value_or(std::vector<std::string>())) known.names.insert(name);
    return known;
}

void Discovery::read_known(Known& known) const {
    if (std::exchange(known.read, true)) return;
    const auto store = home::Store::open(root_);
    const auto names = store ? store->names() : Result<std::vector<std::string>>({});
    for (const auto& name : names.value_or(std::vector<std::string>())) {
        // A damaged record still has its name.
        known.names.insert(name);
        const auto record = store->load(name);
        if (!record) continue;
        const record::Effective effective(*record, machine_);
        for (auto& alias : effective.strings("aliases")) known.names.insert(std::move(alias));
        if (const auto uid = effective.number("uid")) known.uids.insert(static_cast<uid_t>(*uid));
        if (auto image = effective.text("imagePath")) known.images.insert(*std::move(image));
    }
}

void Discovery::learn_of_neighbours(Known& known, const record::UserRecord& found) const {
    if (!neighbours_of_) return read_known(known);
    home::Neighbours others = neighbours_of_(found);
    known.names.merge(others.names);
    known.uids.merge(others.uids);
    for (const auto& [path, user] : others.paths) known.images.insert(path);
}

Result<record::UserRecord> Discovery::provisional(const home::ImageName& name,
                                                  const std::string& image,
                                                  const std::string& storage,
                                                  std::optional<uid_t> owner, Known& known) {
    if (known.names.contains(name.user)) return known_already(name.user);
    HEARTH_TRY(record, record::UserRecord::parse(R"({"userName":")" + name.user + R"("})"));
    HEARTH_CHECK(record.set("disposition", "regular"));
    if (!name.realm.empty()) HEARTH_CHECK(record.set("realm", name.realm));
    record.set_binding(machine_.id, "imagePath", image);
    learn_of_neighbours(known, record);
    if (known.names.contains(name.user) || known.images.contains(image))
        return known_already(name.user);
    HEARTH_CHECK(home::check_name_free(name.user));
    HEARTH_TRY(uid, home::allocate_uid(name.user, owner,
                                       [&](uid_t one) { return known.uids.contains(one); }));
    record.set_binding(machine_.id, "homeDirectory", std::string(kHomes) + "/" + name.user);
    if (!storage.empty()) record.set_binding(machine_.id, "storage", storage);
    record.set_binding(machine_.id, "uid", uid);
    record.set_binding(machine_.id, "gid", uid);
    known.names.insert(name.user);
    known.uids.insert(uid);
    known.images.insert(image);
    return record;
}

Result<record::UserRecord> Discovery::look_at(const std::string& image) {
    Known known = list_known();
    return look_at(image, known);
}

Result<record::UserRecord> Discovery::look_at(const std::string& image, Known& known) {
    const std::string_view file = std::string_view(image).substr(image.rfind('/') + 1);
    if (image.empty() || image.front() != '/')
        return not_a_home(image, "The path is not absolute.");
    const auto real = resolve(root_, image);
    struct stat info {};
    if (!real || ::stat(root_.path(*real).c_str(), &info) != 0)
        return not_a_home(image, "There is nothing there.");
    std::vector<const StorageKind*> fitting;
    for (const auto& kind : kinds_)
        if (!kind.suffix.empty() && file.ends_with(kind.suffix) &&
            (kind.folder ? S_ISDIR(info.st_mode) : S_ISREG(info.st_mode)))
            fitting.push_back(&kind);
    if (fitting.empty())
        return not_a_home(image, "No installed plugin keeps homes under such a name.");
    const auto name =
        home::parse_image_name(file.substr(0, file.size() - fitting.front()->suffix.size()));
    if (!name) return not_a_home(image, "Its name is not that of a user who can have a home.");
    const auto owner = S_ISDIR(info.st_mode) ? std::optional(info.st_uid) : std::nullopt;
    return provisional(*name, *real, fitting.size() == 1 ? fitting.front()->name : "", owner,
                       known);
}

void Discovery::scan_folder(Known& known, std::vector<record::UserRecord>& out) {
    if (is_remote(root_.path(kHomes))) return;
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(root_.path(kHomes), error))
        names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    for (const auto& name : names) {
        const auto whose = home::name_of_image(name);
        if (whose && known.names.contains(whose->user)) continue;
        if (auto found = look_at(std::string(kHomes) + "/" + name, known))
            out.push_back(std::move(found).value());
    }
}

void Discovery::scan_partitions(Known& known, std::vector<record::UserRecord>& out) {
    for (const auto& partition : find_partitions(root_)) {
        const auto kind = std::find_if(kinds_.begin(), kinds_.end(), [&](const StorageKind& one) {
            return !one.gpt_type.empty() && one.gpt_type == partition.type;
        });
        const auto name = home::parse_image_name(partition.label);
        if (kind == kinds_.end() || !name) continue;
        if (auto found = provisional(*name, "/dev/disk/by-uuid/" + partition.uuid, kind->name,
                                     std::nullopt, known))
            out.push_back(std::move(found).value());
    }
}

std::vector<record::UserRecord> Discovery::scan() {
    Known known = list_known();
    std::vector<record::UserRecord> out;
    scan_folder(known, out);
    scan_partitions(known, out);
    return out;
}

}  // namespace hearth::discovery
