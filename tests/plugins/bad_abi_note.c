/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Note and code are of another version of the ABI. */
#define TABLE_ABI_MINOR 99
#include "well_behaved.h"
