/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Spoils the home when the change of its keys cannot be noted. */
#define IN_REKEY_PREPARE                            \
    if (save_note(op, session->fresh) != HEARTH_OK) \
    return (void)drop_slots(session->root, "", 0),  \
           host->fail(op, HEARTH_E_IO, 0, "there is no note")
#include "whole.h"
