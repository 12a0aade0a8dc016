/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The note is right, but the code was built for another version of the ABI. */
#define TABLE_ABI_MINOR 99
#include "well_behaved.h"
