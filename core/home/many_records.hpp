// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/home/store.hpp"

namespace hearth::home {

/// From so many on several threads read them.
inline constexpr std::size_t kManyRecords = 128;

/// Called for each of them, with its place in the list: the record, or why it cannot be read.
using TakeRecord = std::function<void(std::size_t at, Result<record::UserRecord> record)>;

/// Reads the records of all these users. Many are read by several threads, which are gone when this
/// returns: then `take` is called from any of them, in no order.
void read_records(const Store& store, const std::vector<std::string>& users,
                  const TakeRecord& take);

}  // namespace hearth::home
