/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Removes a home that came while the new one was made. */
#define IN_CLOSE \
    if (made && disposition != HEARTH_CLOSE_ROLLBACK) (void)remove_all(op, &medium, medium.name)
#include "whole.h"
