/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Knows one home at a time. */
static int busy;
#define WHEN_CREATED busy = 1
#define BEFORE_OPEN \
    if (busy) return host->fail(op, HEARTH_E_HOME_BUSY, 0, "another home is open")
#define IN_CLOSE busy = 0
#include "whole.h"
