// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "core/base/result.hpp"
#include "core/operation/operation.hpp"

namespace hearth::operation {

/// What an image tells before it is open.

/// The storage that keeps homes like this one: the one that is certain that it is its own, before
/// those that think it could be. Errors: adopt-storage, those of loading plugins.
Result<std::string> storage_of_image(Operation& op, const std::string& image);

/// What is known before the medium is open: names and places.
Result<record::UserRecord> provisional_record(Operation& op, const std::string& image,
                                              const std::string& storage);

/// Where several storages could have made the image, whoever found it has left that open: puts the
/// storage into the binding. Errors: as storage_of_image().
Result<void> find_out_storage(Operation& op, record::UserRecord& provisional);

}  // namespace hearth::operation
