/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Has a moment between two names that nobody would tidy up after. */
#define IN_CLOSE                                            \
    if (made) {                                             \
        (void)mkdirat(medium.dir, "moving", 0700);          \
        (void)unlinkat(medium.dir, "moving", AT_REMOVEDIR); \
    }
#include "whole.h"
