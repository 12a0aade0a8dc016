// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <span>
#include <vector>

#include "core/plugin/manifest.hpp"
#include "hosts/homectl/options/option.hpp"

namespace hearth::homectl {

/// The options that usable plugins declare in their manifests. One that another plugin or homectl
/// itself has already is left out. Built at the first call and kept.
[[nodiscard]] std::span<const Option> plugin_options();

/// The options for some declarations, without those that are taken already. Borrows their texts.
[[nodiscard]] std::vector<Option> options_of(const std::vector<const plugin::Option*>& declared);

}  // namespace hearth::homectl
