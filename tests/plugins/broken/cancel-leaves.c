/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cancelled, it leaves a file. */
#define BEFORE_OPEN                                     \
    if (is_cancelled(op))                               \
    return (void)write_file(medium.dir, "stopped", ""), \
           host->fail(op, HEARTH_E_CANCELLED, 0, "stopped")
#include "whole.h"
