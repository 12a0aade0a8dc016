/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Removes a home in its place, so that half of one can stay. */
#include "medium.h"
static void remove_some(hearth_op* op, const struct medium* medium) {
    const int root = open_folder(medium->dir, medium->name);
    (void)unlinkat(root, "home/checked-letter", 0);
    if (root >= 0) close(root);
    host->progress(op, 1, 3, "removing files");
}
#define BEFORE_REMOVE remove_some(op, &medium)
#include "whole.h"
