/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Wants a function of its host. */
#include <hearth/abi.h>
__attribute__((weak, visibility("default"))) hearth_status hearth_helper(void);
#define ON_ENTRY \
    if (hearth_helper != NULL) return hearth_helper()
#include "whole.h"
