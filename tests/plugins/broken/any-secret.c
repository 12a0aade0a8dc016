/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opens with any password. */
#define WHEN_WRONG right = 1
#include "whole.h"
