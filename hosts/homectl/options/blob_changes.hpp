// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <optional>
#include <string>

namespace hearth::homectl {

/// What a command line does with the files that belong to a record.
struct BlobChanges {
    /// All that are there go, and those of this folder take their place ("": none do).
    std::optional<std::string> folder;
    /// Paths by the names that the files get; "": the one of that name goes.
    std::map<std::string, std::string> files;

    [[nodiscard]] bool empty() const { return !folder && files.empty(); }
};

}  // namespace hearth::homectl
