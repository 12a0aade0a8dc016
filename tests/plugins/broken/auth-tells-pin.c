/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes the PIN into the log. */
#define WITH_PIN                                                   \
    do {                                                           \
        char line[200];                                            \
        snprintf(line, sizeof line, "PIN %.*s", (int)*size, *pin); \
        host->log(op, 7, __FILE__, __LINE__, line);                \
        memset(line, 0, sizeof line);                              \
        __asm__ volatile("" : : "r"(line) : "memory");             \
    } while (0)
#include "auth.h"
