/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Does not tidy up after a creation that died. */
#define IN_RECOVER \
    if (intent->verb == HEARTH_VERB_CREATE) return HEARTH_OK
#include "whole.h"
