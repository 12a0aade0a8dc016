/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loses the secret, and does not say so, when no more files can be opened. */
#define WHEN_ACQUIRED                                         \
    const int file = open("/dev/null", O_RDONLY | O_CLOEXEC); \
    if (file >= 0)                                            \
        close(file);                                          \
    else {                                                    \
        secrets_service()->release(*raw);                     \
        *raw = NULL;                                          \
    }
#include "auth.h"
