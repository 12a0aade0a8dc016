/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps a password in memory that is not wiped. */
#include "medium.h"
static char kept[64];
static void keep(hearth_op* op) {
    const hearth_host_secrets* service =
        (const hearth_host_secrets*)host->query(HEARTH_HOST_SECRETS);
    size_t size = 0;
    const void* bytes = service->data(service->at(op, HEARTH_SECRET_PASSWORD, 0), &size);
    if (bytes != NULL) memcpy(kept, bytes, size < sizeof kept ? size : sizeof kept);
}
#define WHEN_OPENED keep(op)
#include "whole.h"
