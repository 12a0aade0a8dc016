/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes the environment when it is entered. */
#include <unistd.h>
#define ON_ENTRY environ[0] = (char*)"BROKEN=1"
#include "whole.h"
