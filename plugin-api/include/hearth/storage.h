/* SPDX-License-Identifier: MIT */
/* A storage provider turns a place and some secrets into a directory.
 *
 * The host owns the sequence, the plugin owns the medium. Core merges records, decides what a
 * password opens, maps UIDs, mounts at the final place, copies the skeleton and writes .identity;
 * the plugin unlocks its medium and hands over a directory or a detached mount. Life of a home, as
 * core calls it:
 *
 *   create          create -> mount -> (core fills it) -> unmount -> close(COMMIT)
 *   activate        unlock_medium -> header_load -> mount -> (core attaches a clone)
 *                   -> close(KEEP_ACTIVE)
 *   change secrets  unlock_medium -> mount -> rekey_prepare -> (records) -> rekey_finish
 *                   -> unmount -> close(COMMIT)
 *   deactivate      (core unmounts) -> deactivate
 *   after a crash   recover, as often as needed, in a fresh process
 *
 * All functions are [worker]. A NULL member is HEARTH_E_NOT_SUPPORTED. A failure has been explained
 * with hearth_host.fail() and leaves nothing behind but what recover() can find. */
#ifndef HEARTH_STORAGE_H
#define HEARTH_STORAGE_H

#include "host_state.h"
#include "storage_types.h"

/* Somebody asked for a repair: what is damaged and has a good copy may be written anew, and a file
 * system may be repaired in ways that take a decision. Without it a medium that was closed cleanly
 * stays as it is, and what is wrong with it is an error. */
#define HEARTH_UNLOCK_REPAIR (UINT64_C(1) << 0)

/* The home is active, and nobody has been asked for a secret: a session for resize() and close()
 * alone. Of storages that can `rebalance`; NOT_SUPPORTED: not this home, not now. */
#define HEARTH_UNLOCK_ACTIVE (UINT64_C(1) << 1)

#define HEARTH_DEACTIVATE_NO_RESIZE (UINT64_C(1) << 0)
#define HEARTH_DEACTIVATE_FORCED (UINT64_C(1) << 1)

#define HEARTH_RESIZE_GROW_ONLY (UINT64_C(1) << 0)
#define HEARTH_RESIZE_SHRINK_ONLY (UINT64_C(1) << 1)
#define HEARTH_RESIZE_MIN (UINT64_C(1) << 2)
#define HEARTH_RESIZE_MAX (UINT64_C(1) << 3)

typedef struct hearth_storage {
    uint32_t struct_size;
    uint32_t reserved;
    const char* name; /* the record's `storage`, as in the manifest */

    /* Without a session. */

    /* Are the record's settings possible on this machine? INVALID_ARGUMENT, BACKEND_UNAVAILABLE,
     * BAD_SIZE, ... */
    hearth_status (*validate)(hearth_op* op, const hearth_record* record);
    /* Is this file, device or folder one of mine? Many times per worker; reads only. */
    hearth_status (*probe)(hearth_op* op, int32_t fd, hearth_probe* out);
    /* HEARTH_STATE_*, from the medium alone. */
    hearth_status (*state)(hearth_op* op, const hearth_record* record, uint32_t* out);
    /* Sizes, without secrets. root_fd: the mounted home, or -1. */
    hearth_status (*usage)(hearth_op* op, const hearth_record* record, int32_t root_fd,
                           hearth_usage* out);
    /* Core has unmounted the home; root_fd is the last way into it (-1: gone), closed by core
     * afterwards. LINGERING: somebody still holds the medium; if that is root_fd, core closes it
     * and asks once more. */
    hearth_status (*deactivate)(hearth_op* op, const hearth_record* record, int32_t root_fd,
                                hearth_flags flags);
    hearth_status (*lock)(hearth_op* op, const hearth_record* record);
    hearth_status (*unlock)(hearth_op* op, const hearth_record* record);
    /* Deletes the medium, all of it. Core has made sure that the home is inactive. Interrupted, it
     * is finished by recover(), or core calls it again, also for a medium that is half deleted. */
    hearth_status (*remove)(hearth_op* op, const hearth_record* record);
    /* Finishes or undoes what `intent` says, alone from the medium and the journal. Called as often
     * as it takes. session_or_null: open when a secret was at hand. RECOVER_AT_OPEN: only possible
     * with a secret, later. */
    hearth_status (*recover)(hearth_op* op, const hearth_record* record,
                             const hearth_intent* intent, hearth_session* session_or_null);

    /* With a session: one open medium. Never static; one operation may hold two. */

    /* Makes a new medium under a temporary name; close(COMMIT) puts it in place. */
    hearth_status (*create)(hearth_op* op, hearth_record* record,
                            const hearth_credential* credentials, size_t count,
                            hearth_session** out);
    /* Finds the key and opens the medium so far that the header can be read; nothing is mounted.
     * BAD_SECRET: none of the secrets fits. `flags`: HEARTH_UNLOCK_*. */
    hearth_status (*unlock_medium)(hearth_op* op, hearth_record* record, hearth_flags flags,
                                   hearth_session** out);
    /* The sealed copy of the record, where the medium has a place for one. */
    hearth_status (*header_load)(hearth_op* op, hearth_session* session, hearth_bytes_sink sink,
                                 void* context);
    hearth_status (*header_store)(hearth_op* op, hearth_session* session,
                                  const hearth_bytes* bytes);
    hearth_status (*mount)(hearth_op* op, hearth_session* session, hearth_root* out);
    /* Core has closed every fd and clone of it. */
    hearth_status (*unmount)(hearth_op* op, hearth_session* session);
    /* root_fd >= 0: online; -1: core has unmounted it. *actual: the size, on failure too. */
    hearth_status (*resize)(hearth_op* op, hearth_session* session, int32_t root_fd, uint64_t bytes,
                            hearth_flags flags, uint64_t* actual);
    /* The new credentials are added and verified; the old still open. */
    hearth_status (*rekey_prepare)(hearth_op* op, hearth_session* session,
                                   const hearth_credential* credentials, size_t count);
    /* Core has written header, .identity and host record. commit 1: drop the old credentials; 0:
     * drop the new. */
    hearth_status (*rekey_finish)(hearth_op* op, hearth_session* session, uint32_t commit);
    /* Ends the session in any case; on failure too. */
    hearth_status (*close)(hearth_op* op, hearth_session* session, uint32_t disposition);
} hearth_storage;

#endif
