/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Leaves a file when it cannot find its place a second time. */
#define BEFORE_OPEN                                                 \
    (void)write_file(medium.dir, "opening", "");                    \
    if (find_medium(op, record, &medium) != HEARTH_OK)              \
        return host->fail(op, HEARTH_E_IO, 0, "there is no place"); \
    (void)unlinkat(medium.dir, "opening", 0)
#define IN_RECOVER (void)unlinkat(medium.dir, "opening", 0)
#include "whole.h"
