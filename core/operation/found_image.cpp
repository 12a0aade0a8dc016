// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/found_image.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include "core/home/image_name.hpp"
#include "core/operation/verbs.hpp"
#include "core/record/effective.hpp"
#include "core/system/safe_path.hpp"

namespace hearth::operation {

namespace {

Error not_a_home(const std::string& image) {
    return Error(Code::invalid_argument, "adopt-name",
                 "The name of " + image + " does not say whose home it is.")
        .why("A home is kept as USER.homedir or USER.home (or USER@REALM before the dot).")
        .hint("Rename it to what it was called on the machine that it comes from.");
}

/// For plugins to read; nothing when it is not there, or nothing that a home is kept in.
UniqueFd open_image(Operation& op, const std::string& image) {
    const auto place = system::open_parent(op.root().prefix(), image);
    if (!place) return {};
    constexpr int kLook = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    struct stat info {};
    if (::fstatat(place->dir.get(), place->name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0)
        return {};
    if (!S_ISDIR(info.st_mode) && !S_ISREG(info.st_mode)) return {};
    return UniqueFd(::openat(place->dir.get(), place->name.c_str(), kLook));
}

/// Homes that were found through a link may have any name where they really are.
bool could_keep(const plugin::StorageManifest& storage, int image_fd) {
    struct stat info {};
    if (::fstat(image_fd, &info) != 0) return false;
    return storage.medium ==
           (S_ISDIR(info.st_mode) ? plugin::Medium::directory : plugin::Medium::file);
}

/// The storages that call their images like this one, or could have made it; highest priority
/// first.
Result<std::vector<plugin::Registry::Storage>> candidates_for(Operation& op,
                                                              const std::string& image,
                                                              int image_fd) {
    std::vector<plugin::Registry::Storage> named;
    std::vector<plugin::Registry::Storage> possible;
    for (const auto& storage : op.registry().storages()) {
        const std::string& suffix = storage.manifest->suffix;
        if (!suffix.empty() && image.ends_with(suffix)) named.push_back(storage);
        if (could_keep(*storage.manifest, image_fd)) possible.push_back(storage);
    }
    if (!named.empty()) return named;
    if (op.verb() == Verb::fixate && !possible.empty()) return possible;
    return Error(Code::backend_unavailable, "adopt-storage",
                 "No installed plugin keeps homes like " + image + ".")
        .hint("See what is installed with: homectl plugins");
}

std::uint32_t certainty_of(plugin::StorageProvider& storage, int image_fd) {
    const auto probe = storage.probe(image_fd);
    if (probe) return probe->certainty;
    // One that cannot tell may still be the right one.
    return probe.error().code() == Code::not_supported ? HEARTH_PROBE_MAYBE : HEARTH_PROBE_NO;
}

}  // namespace

Result<std::string> storage_of_image(Operation& op, const std::string& image) {
    const UniqueFd fd = open_image(op, image);
    HEARTH_TRY(candidates, candidates_for(op, image, fd.get()));
    const std::string first = candidates.front().manifest->name;
    // The steps that follow say what is wrong with it.
    if (!fd || candidates.size() == 1) return first;
    HEARTH_TRY(storages, op.providers(candidates));
    std::string chosen = first;
    std::uint32_t best = HEARTH_PROBE_NO;
    for (auto& storage : storages) {
        const std::uint32_t certainty = certainty_of(storage, fd.get());
        if (certainty <= best) continue;
        best = certainty;
        chosen = storage.name();
    }
    return chosen;
}

Result<std::string> user_of_image(const std::string& image) {
    auto whose = home::name_of_image(image);
    if (!whose || image.front() != '/') return not_a_home(image);
    return std::move(whose->user);
}

Result<record::UserRecord> provisional_record(Operation& op, const std::string& image,
                                              const std::string& storage) {
    HEARTH_TRY(record, record::UserRecord::parse(R"({"userName":")" + op.user() + R"("})"));
    const auto whose = home::name_of_image(image);
    if (whose && !whose->realm.empty()) HEARTH_CHECK(record.set("realm", whose->realm));
    record.set_binding(op.machine().id, "imagePath", image);
    record.set_binding(op.machine().id, "homeDirectory", "/home/" + op.user());
    record.set_binding(op.machine().id, "storage", storage);
    return record;
}

Result<void> find_out_storage(Operation& op, record::UserRecord& provisional) {
    const record::Effective effective(provisional, op.machine());
    const auto image = effective.text("imagePath");
    if (effective.text("storage") || !image) return ok();
    HEARTH_TRY(storage, storage_of_image(op, *image));
    provisional.set_binding(op.machine().id, "storage", storage);
    return ok();
}

}  // namespace hearth::operation
