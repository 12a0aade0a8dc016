// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/record/user_record.hpp"

namespace hearth::home {

/// Files that belong to a record, by name: pictures and the like. The record has their hashes
/// (blobManifest), so that its signature covers them.

/// As somebody hands them in, open for reading.
using BlobFiles = std::map<std::string, UniqueFd>;
/// With what is in them.
using Blobs = std::map<std::string, std::string>;
/// SHA-256 of each, as records have it.
using BlobManifest = std::map<std::string, std::string>;

/// Of one record, all together.
inline constexpr std::size_t kMostBlobBytes = std::size_t{64} << 20;
inline constexpr std::size_t kMostBlobs = 200;

/// Reads all of them. What is in the files may change meanwhile: what counts is what was read.
/// Errors: blob-name, blob-file, blobs-too-large.
Result<Blobs> read_blobs(const BlobFiles& files);

[[nodiscard]] std::string blob_hash(std::string_view content);
[[nodiscard]] BlobManifest make_manifest(const Blobs& blobs);

/// What the record says; empty if it says nothing.
[[nodiscard]] BlobManifest manifest_of(const record::UserRecord& record);
/// Breaks the signature. An empty one removes the field.
Result<void> set_manifest(record::UserRecord& record, const BlobManifest& manifest);

}  // namespace hearth::home
