/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Takes everything for its own. */
#define IN_PROBE return out->certainty = HEARTH_PROBE_CERTAIN, HEARTH_OK
#include "whole.h"
