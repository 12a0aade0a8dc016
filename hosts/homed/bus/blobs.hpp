// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <systemd/sd-bus.h>

#include "core/base/result.hpp"
#include "core/home/blobs.hpp"

namespace hearth::homed {

/// Reads an argument of the type a{sh}: files that belong to a record. Looks at what the kernel
/// knows about them and never into them: their file system may be one that lets its readers wait.
/// Errors: argument-invalid, blob-name, blob-file, blobs-too-large.
Result<home::BlobFiles> read_blob_files(sd_bus_message* call);

}  // namespace hearth::homed
