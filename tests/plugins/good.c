/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Does nothing wrong: what works with it must fail with the others for their own reasons. */
#include "well_behaved.h"
