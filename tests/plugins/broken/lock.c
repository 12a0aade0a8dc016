/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unlocks without a password. */
#define IN_UNLOCK            \
    if (status == HEARTH_OK) \
    return unlinkat(open_folder(medium.dir, medium.name), "locked", 0), HEARTH_OK
#include "whole.h"
