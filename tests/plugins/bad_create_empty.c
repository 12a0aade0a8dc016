/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* create() succeeds without a session. */
#define WHEN_CREATING return HEARTH_OK
#include "well_behaved.h"
