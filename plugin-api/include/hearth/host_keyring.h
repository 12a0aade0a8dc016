/* SPDX-License-Identifier: MIT */
/* hearth.host.keyring/0: keys in the kernel. */
#ifndef HEARTH_HOST_KEYRING_H
#define HEARTH_HOST_KEYRING_H

#include "abi.h"

#define HEARTH_HOST_KEYRING "hearth.host.keyring/0"

#define HEARTH_KEYRING_THREAD 1u    /* gone with the worker */
#define HEARTH_KEYRING_HOME_USER 2u /* the user keyring of the home's owner */

typedef struct hearth_host_keyring {
    uint32_t struct_size;
    uint32_t reserved;

    /* [worker] Adds a key of `type` ("user", "logon") under `description`; an existing one is
     * replaced. */
    hearth_status (*add)(hearth_op* op, uint32_t keyring, const char* type, const char* description,
                         const hearth_secret* payload);
    /* [worker] Reads a "user" key; the caller releases *out. HEARTH_E_NOT_SUPPORTED: no such key.
     */
    hearth_status (*read)(hearth_op* op, uint32_t keyring, const char* description,
                          hearth_secret** out);
    /* [worker] Removes a key; a missing one is no error. */
    hearth_status (*unlink)(hearth_op* op, uint32_t keyring, const char* type,
                            const char* description);
} hearth_host_keyring;

#endif
