/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps a name that it was lent for one operation. */
#include "medium.h"
static const char* kept;
static void keep(hearth_op* op, const hearth_record* record) {
    hearth_place place = {sizeof place, -1, NULL, NULL, NULL};
    const hearth_host_place* service = (const hearth_host_place*)host->query(HEARTH_HOST_PLACE);
    if (service->of(op, record, &place) == HEARTH_OK) kept = place.name;
}
#define BEFORE_CREATE keep(op, record)
#define IN_STATE \
    if (kept != NULL && *(const volatile char*)kept == '?') return HEARTH_E_INTERNAL
#include "whole.h"
