// SPDX-License-Identifier: MIT
#pragma once

// All of the SDK but tree.hpp.
#include <hearth/sdk/plugin.hpp>
#include <hearth/sdk/services.hpp>
