/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Remembers the secret for the next time. */
static char remembered[64];
#define WHEN_ACQUIRED                                           \
    size_t length = 0;                                          \
    const void* bytes = secrets_service()->data(*raw, &length); \
    memcpy(remembered, bytes, length < sizeof remembered ? length : sizeof remembered)
#include "auth.h"
