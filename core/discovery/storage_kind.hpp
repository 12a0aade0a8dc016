// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "core/plugin/registry.hpp"

namespace hearth::discovery {

/// How the homes of one storage can be told from outside.
struct StorageKind {
    std::string name;
    /// Of the names of its images; empty: they cannot be told by their names.
    std::string suffix;
    /// Are they folders, or files?
    bool folder = false;
    /// Of its partitions, in small letters; empty: it has none.
    std::string gpt_type;
};

/// Those of the installed plugins, highest priority first; nothing is loaded.
std::vector<StorageKind> storage_kinds(const plugin::Registry& registry);

}  // namespace hearth::discovery
