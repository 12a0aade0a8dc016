/* SPDX-License-Identifier: MIT */
/* The Hearth plugin ABI, 0.x: types and codes that every other header uses.
 *
 * Rules of the line between host and plugin: fixed-width members; every struct that either side
 * hands over begins with `struct_size`; no struct by value, no varargs; memory is freed by the side
 * that made it; text is UTF-8; a pointer is borrowed until the call returns unless its comment says
 * otherwise. Until 1.0 host and plugin must agree on MAJOR and MINOR exactly.
 *
 * Roles, named in the comment of every function:
 *   [worker]  called in hearth-worker, as root, on the one thread that runs the operation
 *   [client]  called in an unprivileged client, to list devices and to enroll tokens
 *   [any]     callable from any thread of the process */
#ifndef HEARTH_ABI_H
#define HEARTH_ABI_H

#include <stddef.h>
#include <stdint.h>

#define HEARTH_ABI_MAJOR 0u
#define HEARTH_ABI_MINOR 1u

#define HEARTH_EXPORT __attribute__((visibility("default")))

/* Is member M of *P inside the part of the struct that the other side filled in, and set? */
#define HEARTH_HAS(P, M) \
    ((P)->struct_size >= offsetof(__typeof__(*(P)), M) + sizeof((P)->M) && (P)->M)

typedef int32_t hearth_status; /* HEARTH_OK or one of the codes below; never negative */
typedef uint64_t hearth_flags;

/* Borrowed bytes; text is not NUL-terminated unless a comment says so. */
typedef struct hearth_bytes {
    const void* ptr;
    size_t len;
} hearth_bytes;

typedef struct hearth_secret hearth_secret; /* host-owned bytes in locked memory */
typedef struct hearth_record hearth_record; /* host-owned view of one user record */
typedef struct hearth_op hearth_op;         /* host-owned context of one operation */

/* Numbers are final from 1.0 on; new ones are appended. */
enum {
    HEARTH_OK = 0,
    HEARTH_E_INTERNAL = 1,
    HEARTH_E_NO_MEMORY = 2,
    HEARTH_E_INVALID_ARGUMENT = 3,
    HEARTH_E_NOT_SUPPORTED = 4,
    HEARTH_E_CANCELLED = 5,
    HEARTH_E_IO = 6,
    HEARTH_E_PERMISSION = 7,
    HEARTH_E_TIMEOUT = 8,
    HEARTH_E_CORRUPT = 9,
    HEARTH_E_HOME_ABSENT = 20,
    HEARTH_E_HOME_EXISTS = 21,
    HEARTH_E_HOME_ACTIVE = 22,
    HEARTH_E_HOME_NOT_ACTIVE = 23,
    HEARTH_E_HOME_BUSY = 24,
    HEARTH_E_HOME_IN_USE = 25,
    HEARTH_E_HOME_LOCKED = 26,
    HEARTH_E_HOME_NOT_LOCKED = 27,
    HEARTH_E_BAD_SIZE = 28,
    HEARTH_E_NO_SPACE = 29,
    HEARTH_E_CANNOT_SHRINK = 30,
    HEARTH_E_SHRINK_OFFLINE_ONLY = 31,
    HEARTH_E_BACKEND_UNAVAILABLE = 32,
    HEARTH_E_FSTYPE_UNSUPPORTED = 33,
    HEARTH_E_LINGERING = 34,
    HEARTH_E_RECOVER_AT_OPEN = 35,
    HEARTH_E_BAD_SECRET = 50,
    HEARTH_E_NEED_TOKEN = 51,
    HEARTH_E_NEED_PIN = 52,
    HEARTH_E_NEED_PRESENCE = 53,
    HEARTH_E_NEED_VERIFICATION = 54,
    HEARTH_E_NEED_PROTECTED_PATH = 55,
    HEARTH_E_TOKEN_TIMEOUT = 56,
    HEARTH_E_PIN_LOCKED = 57,
    HEARTH_E_BAD_PIN = 58,
    HEARTH_E_BAD_PIN_FEW_LEFT = 59,
    HEARTH_E_BAD_PIN_ONE_LEFT = 60,
    HEARTH_E_NO_AUTH_CONFIGURED = 61
};

#endif
