/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fills in a member that the host's structure does not have. */
#define IN_MOUNT ((volatile uint32_t*)(out + 1))[0] = 1
#include "whole.h"
