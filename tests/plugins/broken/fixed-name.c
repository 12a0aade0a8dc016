/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes every home under the same temporary name. */
#define BEFORE_CREATE strcpy(medium.temp, ".tmp")
#define IN_RECOVER strcpy(medium.temp, ".tmp")
#include "whole.h"
