// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/service/loading.hpp"

#include <malloc.h>

#include <optional>

#include "core/home/many_records.hpp"

namespace hearth::service {

namespace {

using Loaded = Result<std::unique_ptr<Home>>;

}  // namespace

std::vector<Loaded> load_homes(const home::Store& store, const std::vector<std::string>& users,
                               const Surroundings& surroundings) {
    std::vector<std::optional<Loaded>> loaded(users.size());
    home::read_records(store, users, [&](std::size_t at, Result<record::UserRecord> record) {
        if (record)
            loaded[at].emplace(std::make_unique<Home>(*record, true, surroundings));
        else
            loaded[at].emplace(std::move(record).error());
    });
    // The trees that the records were parsed into have left holes.
    if (users.size() >= home::kManyRecords) ::malloc_trim(0);
    std::vector<Loaded> out;
    out.reserve(loaded.size());
    for (auto& one : loaded) out.push_back(*std::move(one));
    return out;
}

}  // namespace hearth::service
