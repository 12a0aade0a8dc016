// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <hearth/plugin.h>

#include "core/base/result.hpp"
#include "core/plugin/registry.hpp"

namespace hearth::plugin {

/// Loads a usable entry into this process, for as long as the process lives, and checks that its
/// tables say what its manifest says. Who calls this runs the plugin's code. Trust is checked
/// again.
///
/// `host` has to live as long as the process. Loading an entry a second time gives the same table.
/// Errors: plugin-untrusted-*, plugin-load-failed, plugin-no-entry, plugin-entry-failed,
/// plugin-abi-mismatch, plugin-disagrees.
Result<const hearth_plugin*> load(const Registry::Entry& entry, const hearth_host& host);

/// The same without a look at who could have written the file, for hearth-plugin-check alone: there
/// the caller names a file of their own to run. The entry needs a path and a manifest only.
Result<const hearth_plugin*> load_untrusted(const Registry::Entry& entry, const hearth_host& host);

/// The table of one storage or token kind of a loaded plugin. Errors: plugin-disagrees.
Result<const hearth_storage*> storage_table(const hearth_plugin& plugin, std::string_view name);
Result<const hearth_auth*> auth_table(const hearth_plugin& plugin, std::string_view name);

}  // namespace hearth::plugin
