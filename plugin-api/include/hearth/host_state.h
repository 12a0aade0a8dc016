/* SPDX-License-Identifier: MIT */
/* hearth.host.state/0: a small store per plugin in the state folder, for what this machine has to
 * remember beyond one home (a calibration, say). Never a secret. */
#ifndef HEARTH_HOST_STATE_H
#define HEARTH_HOST_STATE_H

#include "abi.h"

#define HEARTH_HOST_STATE "hearth.host.state/0"

typedef hearth_status (*hearth_bytes_sink)(void* context, const hearth_bytes* bytes);

typedef struct hearth_host_state {
    uint32_t struct_size;
    uint32_t reserved;

    /* [worker] Gives the value of `key` ([a-z0-9-]{1,64}) to the sink. HEARTH_E_NOT_SUPPORTED:
     * there is none. */
    hearth_status (*get)(hearth_op* op, const char* key, hearth_bytes_sink sink, void* context);
    /* [worker] Stores up to 64 KiB, on disk when this returns; NULL bytes remove the key. */
    hearth_status (*put)(hearth_op* op, const char* key, const hearth_bytes* bytes);
} hearth_host_state;

#endif
