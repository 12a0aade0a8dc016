/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loses a file when a new home is put in its place. */
#define IN_CLOSE \
    if (made) unlinkat(root, "home/checked-letter", 0)
#include "whole.h"
