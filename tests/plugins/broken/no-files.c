/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Spoils the home when no more files can be opened. */
#include "medium.h"
static void need_files(int root) {
    int files[3];
    for (int i = 0; i < 3; ++i) files[i] = open_folder(root, "home");
    if (files[2] < 0) (void)renameat(root, "home", root, "lost");
    for (int i = 0; i < 3; ++i)
        if (files[i] >= 0) close(files[i]);
}
#define WHEN_OPENED need_files(session->root)
#include "whole.h"
