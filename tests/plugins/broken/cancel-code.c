/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cancelled, it calls that an error of the disk. */
#define BEFORE_OPEN \
    if (is_cancelled(op)) return host->fail(op, HEARTH_E_IO, 0, "stopped")
#include "whole.h"
