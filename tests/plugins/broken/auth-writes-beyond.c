/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fills in one number too many. */
#define WHEN_ACQUIRED ((volatile size_t*)which)[1] = 0
#include "auth.h"
