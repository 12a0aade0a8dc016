/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shows a second name to the world. */
#include <hearth/abi.h>
HEARTH_EXPORT int broken_helper(void);
int broken_helper(void) {
    return 1;
}

#include "whole.h"
