/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes a password into the journal. */
#include "medium.h"
static void tell(hearth_op* op) {
    const hearth_host_secrets* service =
        (const hearth_host_secrets*)host->query(HEARTH_HOST_SECRETS);
    hearth_bytes bytes = {NULL, 0};
    bytes.ptr = service->data(service->at(op, HEARTH_SECRET_PASSWORD, 0), &bytes.len);
    if (bytes.ptr != NULL) (void)host->note(op, &bytes);
}
#define WHEN_OPENED tell(op)
#include "whole.h"
