/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Says that it can lock, and cannot. */
#define LOCK_FUNCTION NULL
#include "whole.h"
