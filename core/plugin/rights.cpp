// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/plugin/rights.hpp"

namespace hearth::plugin {

namespace {

// Written before any plugin runs, and only read afterwards: by threads of plugins as well.
std::optional<system::Capabilities> limit;

constexpr system::Capabilities kAll = ~system::Capabilities{0};

}  // namespace

void limit_plugins(system::Capabilities needs) {
    limit = needs;
}

std::optional<system::Capabilities> plugin_limit() {
    return limit;
}

PluginRights::PluginRights() {
    if (limit) system::use_capabilities(*limit);
}

PluginRights::~PluginRights() {
    if (limit) system::use_capabilities(kAll);
}

HostRights::HostRights() {
    if (limit) before_ = system::use_capabilities(kAll);
}

HostRights::~HostRights() {
    if (limit) system::use_capabilities(before_);
}

}  // namespace hearth::plugin
