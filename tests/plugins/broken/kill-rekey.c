/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Takes new keys back that the record has already. */
#define IN_RECOVER                                                                      \
    if (intent->verb == HEARTH_VERB_PASSWD && intent->note.len > 0) {                   \
        char fresh[64] = "";                                                            \
        memcpy(fresh, intent->note.ptr, intent->note.len < 60 ? intent->note.len : 60); \
        const int root = open_folder(medium.dir, medium.name);                          \
        (void)drop_slots(root, fresh, 1);                                               \
        close(root);                                                                    \
        return HEARTH_OK;                                                               \
    }
#define IN_REKEY_FINISH host->progress(op, 1, 2, "dropping old keys")
#include "whole.h"
