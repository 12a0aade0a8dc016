/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* state() returns a number that is no state. */
#define STATE_VALUE 99
#include "well_behaved.h"
