/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Remembers the PIN for the next time. */
static char remembered[64];
#define WITH_PIN memcpy(remembered, *pin, *size < sizeof remembered ? *size : sizeof remembered)
#include "auth.h"
