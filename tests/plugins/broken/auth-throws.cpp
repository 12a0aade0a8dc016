/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lets an exception out. */
#include <stdexcept>
#define IN_ACQUIRE throw std::runtime_error("no token")
#include "auth.h"
