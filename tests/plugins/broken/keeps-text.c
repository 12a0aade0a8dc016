/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps a name that it was lent for one operation, and looks at it in a later one. */
#include "medium.h"
static const char* kept;
static volatile char seen;
static void keep(hearth_op* op, const hearth_record* record) {
    hearth_place place = {sizeof place, -1, NULL, NULL, NULL};
    const hearth_host_place* service = (const hearth_host_place*)host->query(HEARTH_HOST_PLACE);
    if (service->of(op, record, &place) == HEARTH_OK) kept = place.name;
}
#define BEFORE_CREATE keep(op, record)
/* Whatever stands there now changes nothing: only that it is read is wrong. */
#define IN_STATE \
    if (kept != NULL) seen = *kept
#include "whole.h"
