/* SPDX-License-Identifier: MIT */
/* An authentication provider turns a device and a person's gesture into a secret.
 *
 * Core turns the raw secret into the passphrase (base64), hashes it, stores the entry and tells the
 * storage. Removing an entry needs no call. "Try the next" codes: NEED_TOKEN, NEED_PIN,
 * NEED_PRESENCE, NEED_VERIFICATION, NEED_PROTECTED_PATH, BAD_PIN*, PIN_LOCKED, TOKEN_TIMEOUT.
 * "Stop" codes: INTERNAL, CANCELLED, NO_MEMORY. */
#ifndef HEARTH_AUTH_H
#define HEARTH_AUTH_H

#include "host_state.h"

#define HEARTH_DEVICE_PIN (UINT64_C(1) << 0)
#define HEARTH_DEVICE_PRESENCE (UINT64_C(1) << 1)
#define HEARTH_DEVICE_VERIFICATION (UINT64_C(1) << 2)
#define HEARTH_DEVICE_PROTECTED_PATH (UINT64_C(1) << 3)

typedef struct hearth_device {
    uint32_t struct_size;
    uint32_t reserved;
    const char* id;        /* what enroll() takes: a path or a URI */
    const char* label;     /* for people */
    const char* vendor;    /* for people */
    hearth_flags features; /* HEARTH_DEVICE_* */
} hearth_device;

/* Borrows the device until it returns. Anything but HEARTH_OK ends the listing with that code. */
typedef hearth_status (*hearth_device_sink)(void* context, const hearth_device* device);

/* What the device should ask for when it opens the home. A PIN that was never set and a touch that
 * it has no use for are left away, with a line in the log; PIN_REQUIRED, besides PIN, says that
 * somebody asked for the PIN by name: without one the device is refused, with NOT_SUPPORTED. */
#define HEARTH_ENROLL_PIN (UINT64_C(1) << 0)
#define HEARTH_ENROLL_PRESENCE (UINT64_C(1) << 1)
#define HEARTH_ENROLL_VERIFICATION (UINT64_C(1) << 2)
#define HEARTH_ENROLL_PIN_REQUIRED (UINT64_C(1) << 3)

typedef struct hearth_auth {
    uint32_t struct_size;
    uint32_t reserved;
    const char* name;         /* as in the manifest */
    const char* record_array; /* where its entries live: "/privileged/fido2HmacSalt" */

    /* [client] Every device that could be enrolled, one call of the sink each. */
    hearth_status (*list_devices)(hearth_op* op, hearth_device_sink sink, void* context);

    /* [client] Sets up `device_id` for this person. The sink gets the record entry as JSON, without
     * hashedPassword; *raw is the secret, released by the host. */
    hearth_status (*enroll)(hearth_op* op, const hearth_record* record, const char* device_id,
                            hearth_flags flags, hearth_bytes_sink entry_sink, void* context,
                            hearth_secret** raw);

    /* [worker] All entries of the record at once, as JSON texts, so that no PIN is spent twice.
     * *which: the entry that answered; *raw: its secret, released by the host. */
    hearth_status (*acquire)(hearth_op* op, const hearth_record* record, const char* const* entries,
                             size_t count, size_t* which, hearth_secret** raw);
} hearth_auth;

#endif
