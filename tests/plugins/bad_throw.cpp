// SPDX-License-Identifier: LGPL-2.1-or-later
// Lets a C++ exception out of create(). The contract forbids it; that the host can catch it is
// luck.
#include <stdexcept>
#define WHEN_CREATING throw std::runtime_error("out of the plugin")
#include "well_behaved.h"
