/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes the umask while it opens a home. */
#include <sys/syscall.h>
#define WHEN_OPENED (void)syscall(SYS_umask, 0077)
#include "whole.h"
