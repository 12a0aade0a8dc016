/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gives another secret than the one that was enrolled. */
#define WHEN_ACQUIRED                                                    \
    do {                                                                 \
        size_t given = 0;                                                \
        ((unsigned char*)secrets_service()->data(*raw, &given))[0] ^= 1; \
    } while (0)
#include "auth.h"
