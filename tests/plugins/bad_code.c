/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* create() returns a number that is no code. */
#define WHEN_CREATING return 4711
#include "well_behaved.h"
