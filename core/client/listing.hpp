// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.hpp"

namespace hearth::client {

/// All homes, each with what a list shows of it.
struct Listing {
    struct Row {
        std::string name;
        std::optional<std::uint64_t> uid;
        std::optional<std::uint64_t> gid;
        std::string state;
        /// "": the record has none.
        std::string real_name;
        std::string home_directory;
        std::string shell;
    };
    std::vector<Row> rows;
    /// Why homes are not among them.
    std::vector<Error> damaged;
};

}  // namespace hearth::client
