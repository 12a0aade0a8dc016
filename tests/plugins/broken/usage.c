/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* More is free than there is. */
#define IN_USAGE out->free = 5000
#include "whole.h"
