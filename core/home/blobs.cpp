// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/home/blobs.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include "core/crypto/hashes.hpp"
#include "core/record/names.hpp"
#include "core/system/files.hpp"

namespace hearth::home {

namespace {

constexpr const char* kField = "blobManifest";

Error too_large() {
    return Error(Code::invalid_argument, "blobs-too-large",
                 "The files that come with a record are too many or too large.")
        .hint("All together may have 64 MiB, in " + std::to_string(kMostBlobs) + " files.");
}

Error bad_file(const std::string& name, std::string why) {
    return Error(Code::invalid_argument, "blob-file",
                 "The file " + name + " cannot be kept with a record.")
        .why(std::move(why));
}

/// Regular files alone: nothing else has an end that can be trusted.
Result<std::string> read_blob(const std::string& name, int fd, std::size_t most) {
    struct stat info {};
    if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))
        return bad_file(name, "It is not a regular file.");
    auto content = system::read_fd(fd, name, most);
    if (!content && content.error().id() == "file-too-large") return too_large();
    if (!content) return bad_file(name, content.error().one_line());
    return content;
}

}  // namespace

Result<Blobs> read_blobs(const BlobFiles& files) {
    if (files.size() > kMostBlobs) return too_large();
    Blobs blobs;
    std::size_t left = kMostBlobBytes;
    for (const auto& [name, fd] : files) {
        HEARTH_CHECK(record::check_blob_name(name));
        HEARTH_TRY(content, read_blob(name, fd.get(), left));
        left -= content.size();
        blobs.emplace(name, std::move(content));
    }
    return blobs;
}

std::string blob_hash(std::string_view content) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    for (const unsigned char byte : crypto::sha256(content)) {
        out += kDigits[byte >> 4U];
        out += kDigits[byte & 15U];
    }
    return out;
}

BlobManifest make_manifest(const Blobs& blobs) {
    BlobManifest manifest;
    for (const auto& [name, content] : blobs) manifest.emplace(name, blob_hash(content));
    return manifest;
}

BlobManifest manifest_of(const record::UserRecord& record) {
    BlobManifest manifest;
    if (const auto* members = record.json().get(kField).object())
        for (const auto& [name, hash] : *members)
            if (const auto* text = hash.string()) manifest.emplace(name, *text);
    return manifest;
}

Result<void> set_manifest(record::UserRecord& record, const BlobManifest& manifest) {
    record.remove(kField);
    if (manifest.empty()) return ok();
    record::Object members;
    for (const auto& [name, hash] : manifest) members.set(name, hash);
    return record.set(kField, std::move(members));
}

}  // namespace hearth::home
