/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads a member that the host's table does not have. */
#define ON_ENTRY \
    if (((const volatile char*)given)[given->struct_size] == 1) return HEARTH_E_INTERNAL
#include "whole.h"
