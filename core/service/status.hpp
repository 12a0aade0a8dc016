// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "core/record/value.hpp"
#include "core/service/surroundings.hpp"

namespace hearth::service {

class Home;

/// The status section of a record as readers get it: what is stored, and for this machine what
/// holds at this moment (state, what to use while the home is closed, sizes in bytes). Never
/// touches the files of a locked home.
[[nodiscard]] record::Object status_now(const Home& home, const Surroundings& surroundings,
                                        bool signed_here);

}  // namespace hearth::service
