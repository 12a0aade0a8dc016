/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copies a text of the record into a buffer that is too small. */
#include "medium.h"
static void copy_shell(const hearth_record* record) {
    const hearth_host_record* service = (const hearth_host_record*)host->query(HEARTH_HOST_RECORD);
    char small[64];
    hearth_bytes text = {NULL, 0};
    if (service->get_str(record, "/shell", &text) == HEARTH_OK) memcpy(small, text.ptr, text.len);
    (void)!strnlen(small, 1);
}
#define IN_VALIDATE copy_shell(record)
#include "whole.h"
