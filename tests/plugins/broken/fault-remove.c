/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Spoils the home when its removal cannot be noted. */
#include "medium.h"
static hearth_status note_removal(hearth_op* op, const struct medium* medium) {
    if (save_note(op, "going") == HEARTH_OK) return HEARTH_OK;
    const int root = open_folder(medium->dir, medium->name);
    (void)drop_slots(root, "", 0);
    close(root);
    return host->fail(op, HEARTH_E_IO, 0, "there is no note");
}
#define BEFORE_REMOVE \
    if (note_removal(op, &medium) != HEARTH_OK) return HEARTH_E_IO
#include "whole.h"
