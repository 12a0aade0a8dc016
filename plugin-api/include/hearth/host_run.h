/* SPDX-License-Identifier: MIT */
/* hearth.host.run/0: helper programs (mkfs, fsck, resize2fs). A plugin never forks by itself. */
#ifndef HEARTH_HOST_RUN_H
#define HEARTH_HOST_RUN_H

#include "abi.h"

#define HEARTH_HOST_RUN "hearth.host.run/0"

typedef struct hearth_command {
    uint32_t struct_size;
    uint32_t deadline_ms;    /* 0: no limit but the operation's own */
    const char* const* argv; /* ends with NULL; argv[0]: a name in the system's folders, no path */
    const int32_t* fds;      /* passed on as 3, 4, ... in this order; nothing else stays open */
    size_t fd_count;
    const hearth_secret* input; /* what the program reads from its standard input, or NULL */
} hearth_command;

typedef struct hearth_host_run {
    uint32_t struct_size;
    uint32_t reserved;

    /* [worker] Runs the program without a shell, with a clean environment, and waits. *exit_status
     * gets its exit status, or 128 + the signal that ended it. Its output goes to the log. A
     * cancellation kills it (unless critical). Errors: HEARTH_E_BACKEND_UNAVAILABLE (not
     * installed), HEARTH_E_CANCELLED, HEARTH_E_TIMEOUT. */
    hearth_status (*run)(hearth_op* op, const hearth_command* command, int32_t* exit_status);
} hearth_host_run;

#endif
