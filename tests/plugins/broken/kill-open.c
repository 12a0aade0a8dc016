/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Takes a home whose worker died for one in use. */
#include <hearth/plugin.h>
static hearth_status mark(hearth_op* op, hearth_session* session);
#define WHEN_OPENED             \
    status = mark(op, session); \
    if (status != HEARTH_OK) return status
#define IN_CLOSE \
    if (!made) (void)unlinkat(medium.dir, "busy", 0)
#include "whole.h"
static hearth_status mark(hearth_op* op, hearth_session* session) {
    if (!has_file(session->medium.dir, "busy")) {
        (void)write_file(session->medium.dir, "busy", "");
        host->progress(op, 1, 1, "opened");
        return HEARTH_OK;
    }
    close(session->root);
    free(session);
    return host->fail(op, HEARTH_E_HOME_BUSY, 0, "the home is in use");
}
