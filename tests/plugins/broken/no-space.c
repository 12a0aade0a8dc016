/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Spoils the home when the disk is full. */
#include "medium.h"
static void need_space(int root) {
    if (write_file(root, "opened", "x") != 0) (void)renameat(root, "home", root, "lost");
    (void)unlinkat(root, "opened", 0);
}
#define WHEN_OPENED need_space(session->root)
#include "whole.h"
