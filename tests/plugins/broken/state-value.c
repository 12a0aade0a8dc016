/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* state() gives a number that is none. */
#define IN_STATE return *out = 77, HEARTH_OK
#include "whole.h"
