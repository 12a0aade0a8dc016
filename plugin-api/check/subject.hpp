// SPDX-License-Identifier: MIT
#pragma once

#include <hearth/plugin.h>

#include <optional>
#include <string>
#include <vector>

#include "core/plugin/manifest.hpp"
#include "outcome.hpp"

namespace hearth::check {

/// The file that is being checked.
struct Subject {
    std::string path;  // absolute
    std::string bytes;
    /// Empty if the note is missing or wrong: see manifest_error.
    std::optional<plugin::Manifest> manifest;
    std::string manifest_error;

    /// Reads the file and its note; runs nothing of it. Outcome: cannot be read.
    static Outcome open(const std::string& path, Subject& out);

    [[nodiscard]] bool has_storage() const { return manifest && !manifest->storage.empty(); }
    [[nodiscard]] bool has_auth() const { return manifest && !manifest->auth.empty(); }
};

/// A plugin that runs in this process.
struct Loaded {
    const hearth_plugin* plugin = nullptr;
    std::vector<const hearth_storage*> storage;  // in the order of the manifest
    std::vector<const hearth_auth*> auth;
};

/// Loads the plugin into this process for good and gives it `host`. Outcome: what core would refuse
/// it for.
Outcome load(const Subject& subject, const hearth_host& host, Loaded& out);

}  // namespace hearth::check
