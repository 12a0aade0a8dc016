/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Its entry function refuses. */
#define WHEN_ENTERED return HEARTH_E_BACKEND_UNAVAILABLE
#include "well_behaved.h"
