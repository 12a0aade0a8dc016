/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Never returns from create(), whatever is cancelled. */
#include <unistd.h>
#define WHEN_CREATING \
    for (;;) pause()
#include "well_behaved.h"
