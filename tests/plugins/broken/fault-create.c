/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Leaves its temporary folder when the journal cannot be written. */
#define BEFORE_CREATE                                              \
    (void)mkdirat(medium.dir, medium.temp, 0700);                  \
    if (save_note(op, "first") != HEARTH_OK)                       \
        return host->fail(op, HEARTH_E_IO, 0, "there is no note"); \
    (void)unlinkat(medium.dir, medium.temp, AT_REMOVEDIR)
#include "whole.h"
