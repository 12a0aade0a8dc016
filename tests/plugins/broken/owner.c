/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Takes the owner's right to write. */
#define IN_MOUNT (void)fchmodat(session->root, "home", 0500, 0)
#include "whole.h"
