/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Logs a password. */
#include "medium.h"
static void tell(hearth_op* op) {
    const hearth_host_secrets* service =
        (const hearth_host_secrets*)host->query(HEARTH_HOST_SECRETS);
    size_t size = 0;
    const char* text =
        (const char*)service->data(service->at(op, HEARTH_SECRET_PASSWORD, 0), &size);
    if (text != NULL) host->log(op, 7, __FILE__, __LINE__, text);
}
#define WHEN_OPENED tell(op)
#include "whole.h"
