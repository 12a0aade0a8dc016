/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Leaves a file open each time a home is opened. */
#define WHEN_OPENED (void)!open("/dev/null", O_RDONLY | O_CLOEXEC)
#include "whole.h"
