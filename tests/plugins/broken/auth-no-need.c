/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Goes on without the PIN. */
#define PIN_IS_NEEDED 0
#include "auth.h"
