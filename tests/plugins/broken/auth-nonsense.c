/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Believes that every entry is an object. */
#define IN_ACQUIRE \
    for (size_t n = 0; n < count; ++n) (void)*(volatile const char*)(strchr(entries[n], '{'))
#include "auth.h"
