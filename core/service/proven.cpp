// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/service/proven.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "core/base/unique_fd.hpp"
#include "core/system/files.hpp"

namespace hearth::service {

namespace {

constexpr const char* kName = "signatures";
constexpr std::size_t kHash = std::tuple_size_v<crypto::Sha256>;
/// Of the texts of records that are not there any more, as many may stay.
constexpr std::size_t kMostOld = 4096;
constexpr std::size_t kMostBytes = std::size_t{16} << 20;

/// The key has one length always: no two pairs of key and text are the same bytes.
crypto::Sha256 hash_of(std::string_view key, std::string_view text) {
    return crypto::sha256(std::string(key).append(text));
}

bool is_ours_alone(int fd) {
    struct stat info {};
    return ::fstat(fd, &info) == 0 && info.st_uid == ::geteuid() && (info.st_mode & 0077U) == 0;
}

std::string read_kept(const home::Root& root) {
    const auto folder = system::open_dir(root.hearth_dir());
    if (!folder || !is_ours_alone(folder->get())) return "";
    const auto file = system::open_file_at(folder->get(), kName, O_RDONLY);
    if (!file || !is_ours_alone(file->get())) return "";
    return system::read_fd(file->get(), kName, kMostBytes).value_or("");
}

}  // namespace

Proven::Proven(home::Root root) : root_(std::move(root)) {
    const std::string kept = read_kept(root_);
    if (kept.size() % kHash != 0) return;
    for (std::size_t at = 0; at < kept.size(); at += kHash) {
        crypto::Sha256 hash{};
        std::copy_n(kept.begin() + static_cast<std::ptrdiff_t>(at), kHash, hash.begin());
        found_.insert(found_.end(), hash);  // they are in order
    }
}

bool Proven::contains(std::string_view key, std::string_view text) {
    const auto hash = hash_of(key, text);
    if (used_.contains(hash)) return true;
    if (!found_.contains(hash)) return false;
    used_.insert(hash);
    return true;
}

void Proven::add(std::string_view key, std::string_view text) {
    is_new_ |= used_.insert(hash_of(key, text)).second;
}

Result<void> Proven::save() {
    HEARTH_CHECK(home::make_private_dir(root_, root_.hearth_dir()));
    HEARTH_TRY(folder, system::open_dir(root_.hearth_dir()));
    std::set<crypto::Sha256> all = used_;
    if (found_.size() <= used_.size() + kMostOld) all.insert(found_.begin(), found_.end());
    std::string bytes;
    bytes.reserve(all.size() * kHash);
    for (const auto& hash : all) bytes.append(hash.begin(), hash.end());
    HEARTH_CHECK(system::write_file_atomic_at(
        folder.get(), kName, bytes, system::FileMode{0600, 0, 0}, system::Durability::atomic));
    is_new_ = false;
    return ok();
}

}  // namespace hearth::service
