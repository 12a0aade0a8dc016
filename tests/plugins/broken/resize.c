/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Becomes larger than it was told. */
#define IN_RESIZE *actual = 2 * bytes
#include "whole.h"
