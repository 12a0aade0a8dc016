/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Never returns from its entry function. */
#include <unistd.h>
#define WHEN_ENTERED \
    for (;;) pause()
#include "well_behaved.h"
