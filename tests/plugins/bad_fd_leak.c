/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* create() leaves a file open, and without close-on-exec. */
#define WHEN_CREATING (void)!open("/dev/null", O_RDONLY)
#include "well_behaved.h"
