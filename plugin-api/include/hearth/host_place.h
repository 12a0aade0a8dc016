/* SPDX-License-Identifier: MIT */
/* hearth.host.place/0: where the medium of a home lives. Core resolves imagePath, refuses symbolic
 * links and folders that somebody else could swap, applies --root, and hands over an open folder
 * and a name in it. */
#ifndef HEARTH_HOST_PLACE_H
#define HEARTH_HOST_PLACE_H

#include "abi.h"

#define HEARTH_HOST_PLACE "hearth.host.place/0"

typedef struct hearth_place {
    uint32_t struct_size;
    int32_t dir_fd;         /* the folder (O_PATH), or -1; borrowed */
    const char* name;       /* the medium's name in it, no slash; borrowed */
    const char* temp_name;  /* a name beside it, this operation's alone (from op_id); borrowed */
    const char* trash_name; /* the same, for a medium on its way out; borrowed */
} hearth_place;

typedef struct hearth_host_place {
    uint32_t struct_size;
    uint32_t reserved;

    /* [worker] Fills *out; everything in it lives until the operation ends. The medium itself need
     * not exist. Errors: HEARTH_E_HOME_ABSENT (the folder is not there), HEARTH_E_PERMISSION (it is
     * not safe), HEARTH_E_NOT_SUPPORTED (the record names no image). */
    hearth_status (*of)(hearth_op* op, const hearth_record* record, hearth_place* out);
} hearth_host_place;

#endif
