/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes what is signed in the record. */
#include "medium.h"
#define WHEN_OPENED patch(record)
static void patch(hearth_record* record) {
    const hearth_host_record* service = (const hearth_host_record*)host->query(HEARTH_HOST_RECORD);
    (void)service->patch(record, "/shell", "\"/bin/false\"");
}
#include "whole.h"
