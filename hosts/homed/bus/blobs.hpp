// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <systemd/sd-bus.h>

#include <map>
#include <string>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"

namespace hearth::homed {

/// Files that belong to a record, by name: pictures and the like.
using Blobs = std::map<std::string, UniqueFd>;

/// Reads an argument of the type a{sh}. Looks at what the kernel knows about the files and never
/// into them: their file system may be one that lets its readers wait.
/// Errors: argument-invalid, blob-name, blob-file, blobs-too-large.
Result<Blobs> read_blobs(sd_bus_message* call);

/// Homes keep no such files yet. Errors: blobs-not-available.
Result<void> require_no_blobs(const Blobs& blobs);

}  // namespace hearth::homed
