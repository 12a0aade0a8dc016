/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opens a file when it is entered. */
#define ON_ENTRY (void)!open("/dev/null", O_RDONLY | O_CLOEXEC)
#include "whole.h"
