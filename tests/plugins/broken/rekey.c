/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The old password stays good. */
#define IN_REKEY_FINISH \
    if (commit) return HEARTH_OK
#include "whole.h"
