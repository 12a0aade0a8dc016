// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>

#include "core/system/capabilities.hpp"

namespace hearth::plugin {

/// From now on code of plugins, and the programs that it has run, can use these capabilities alone,
/// and core in the same process all that the process has. For the whole process, before the first
/// plugin is loaded. It is a guard against mistakes: who runs in a process can take what it has.
void limit_plugins(system::Capabilities needs);

/// What limit_plugins() said last; nothing: there is no limit.
[[nodiscard]] std::optional<system::Capabilities> plugin_limit();

/// As long as one lives, the calling thread has the rights of a plugin.
class PluginRights {
  public:
    PluginRights();
    PluginRights(const PluginRights&) = delete;
    PluginRights& operator=(const PluginRights&) = delete;
    ~PluginRights();
};

/// Inside of that, where a plugin calls a service of the host: the host's rights.
class HostRights {
  public:
    HostRights();
    HostRights(const HostRights&) = delete;
    HostRights& operator=(const HostRights&) = delete;
    ~HostRights();

  private:
    system::Capabilities before_ = 0;
};

}  // namespace hearth::plugin
