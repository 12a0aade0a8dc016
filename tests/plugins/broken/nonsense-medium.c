/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Believes what a file says about itself. */
#include "medium.h"
static void believe(int fd) {
    char magic[4] = "";
    if (pread(fd, magic, 4, 0) == 4 && memcmp(magic, "LUKS", 4) == 0) *(volatile int*)16 = 1;
}
#define IN_PROBE believe(fd)
#include "whole.h"
