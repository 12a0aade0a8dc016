// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <systemd/sd-bus.h>

#include "core/base/result.hpp"
#include "core/home/blobs.hpp"

namespace hearth::homed {

/// Can these files be kept with a record? Looks at what the kernel knows about them and never into
/// them: their file system may be one that lets its readers wait. Errors: blob-name, blob-file,
/// blobs-too-large.
Result<void> check_blob_files(const home::BlobFiles& files);

/// Reads an argument of the type a{sh}: files that belong to a record. Errors: argument-invalid and
/// those of check_blob_files().
Result<home::BlobFiles> read_blob_files(sd_bus_message* call);

}  // namespace hearth::homed
