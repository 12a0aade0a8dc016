/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Takes a host of any version. */
#define VERSION_OF_HOST_MATTERS 0
#include "whole.h"
