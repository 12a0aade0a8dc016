/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looks at the entry of the last operation, which is not its own any more. */
static const char* kept;
static volatile char seen;
#define IN_ACQUIRE                        \
    do {                                  \
        if (kept != 0) seen = *kept;      \
        if (count > 0) kept = entries[0]; \
    } while (0)
#include "auth.h"
