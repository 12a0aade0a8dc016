/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Does not survive that its recovery dies. */
#include "medium.h"
static hearth_status once(hearth_op* op, int dir) {
    if (has_file(dir, "recovering"))
        return host->fail(op, HEARTH_E_CORRUPT, 0, "a second recovery");
    (void)write_file(dir, "recovering", "");
    host->progress(op, 0, 1, "recovering");
    (void)unlinkat(dir, "recovering", 0);
    return HEARTH_OK;
}
#define IN_RECOVER \
    if (once(op, medium.dir) != HEARTH_OK) return HEARTH_E_CORRUPT
#include "whole.h"
