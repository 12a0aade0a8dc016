/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* create() fails, and leaves a session. */
#define WHEN_CREATING return open_session(out), HEARTH_E_IO
#include "well_behaved.h"
