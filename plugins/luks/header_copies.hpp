// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/sdk/result.hpp>

#include "gpt.hpp"
#include "io.hpp"

// libcryptsetup writes over a damaged copy of the header as soon as it opens a volume. In a home
// that was closed cleanly nobody's crash damaged it: what did may have damaged more, so that
// nothing is written before a person has decided.

namespace hearth::luks {

/// Are both copies of the header as their checksums say? Reads all of them. Errors: CORRUPT, with
/// which is damaged.
sdk::Result<void> require_both_copies(const ReadAt& read, const Extent& extent);

}  // namespace hearth::luks
