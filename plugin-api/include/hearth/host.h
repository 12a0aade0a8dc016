/* SPDX-License-Identifier: MIT */
/* hearth.host.core/0: what every plugin gets as the argument of its entry function. The table lives
 * as long as the process. Everything else the host offers is found with query(). */
#ifndef HEARTH_HOST_H
#define HEARTH_HOST_H

#include "abi.h"

#define HEARTH_ROLE_WORKER 1u
#define HEARTH_ROLE_CLIENT 2u
#define HEARTH_ROLE_CHECK 3u

typedef struct hearth_host {
    uint32_t struct_size;
    uint32_t abi_major;
    uint32_t abi_minor;
    uint32_t role;       /* HEARTH_ROLE_* */
    const char* name;    /* the program, for logs */
    const char* version; /* its release, for logs */

    /* [any] The table of the interface `id` ("hearth.host.record/0"), or NULL if this host has
     * none. Lives as long as the process. */
    const void* (*query)(const char* id);

    /* [any] One line for the log; `priority` as in syslog(3), 3 (error) to 7 (debug). Never a
     * secret. `op` may be NULL in the entry function only. */
    void (*log)(hearth_op* op, uint32_t priority, const char* file, uint32_t line,
                const char* text);

    /* [worker][client] Explains a failure that the caller is about to return, and returns `code`.
     * `sys_errno` is 0 or the errno that caused it. The text goes to the log only: people read the
     * host's own words. */
    hearth_status (*fail)(hearth_op* op, hearth_status code, int32_t sys_errno, const char* text);

    /* [any] `done` of `total` units of `step` ("copying files") are finished. total 0: unknown. */
    void (*progress)(hearth_op* op, uint64_t done, uint64_t total, const char* step);

    /* [any] Becomes readable (poll) when the operation should stop; return HEARTH_E_CANCELLED then.
     * Borrowed, lives as long as the operation; never read from it. */
    int32_t (*cancel_fd)(hearth_op* op);

    /* [worker] on = 1: from here on neither a cancellation nor a deadline interrupts, because the
     * medium would be left between two states. on = 0 ends it. Not for key derivation or other long
     * work. */
    void (*critical)(hearth_op* op, uint32_t on);

    /* [worker] A number that names this operation, journaled before the first call into the plugin.
     * Every temporary name derives from it, so that recover() in another process finds it again. */
    uint64_t (*op_id)(hearth_op* op);

    /* [worker] Puts up to 4096 bytes of the plugin's own into the journal. They are on disk when
     * this returns and come back in recover(); a later note replaces an earlier one. Never a
     * secret. Errors: HEARTH_E_INVALID_ARGUMENT (too long), HEARTH_E_IO, HEARTH_E_NO_SPACE. */
    hearth_status (*note)(hearth_op* op, const hearth_bytes* bytes);
} hearth_host;

#endif
