/* SPDX-License-Identifier: MIT */
/* hearth.host.secrets/0: secrets in locked memory, and the ones that the caller of the operation
 * supplied. A storage plugin never sees a PIN. */
#ifndef HEARTH_HOST_SECRETS_H
#define HEARTH_HOST_SECRETS_H

#include "abi.h"

#define HEARTH_HOST_SECRETS "hearth.host.secrets/0"

#define HEARTH_SECRET_PASSWORD 1u     /* candidate passwords, as typed */
#define HEARTH_SECRET_RECOVERY_KEY 2u /* normalized recovery keys */
#define HEARTH_SECRET_TOKEN 3u        /* what tokens gave, already as passphrases */
#define HEARTH_SECRET_VOLUME_KEY 4u   /* the cached volume key of an active home, raw */
#define HEARTH_SECRET_PIN 5u          /* token PINs; authentication plugins only */

#define HEARTH_PERMIT_USER_PRESENCE (UINT64_C(1) << 0)
#define HEARTH_PERMIT_USER_VERIFICATION (UINT64_C(1) << 1)
#define HEARTH_PERMIT_PROTECTED_PATH (UINT64_C(1) << 2)

typedef struct hearth_host_secrets {
    uint32_t struct_size;
    uint32_t reserved;

    /* [worker][client] `len` zero bytes in locked memory; NULL when there is no more of it. The
     * maker releases it, unless a function it is returned from says that the host does. */
    hearth_secret* (*create)(hearth_op* op, size_t len);

    /* [any] The bytes of a secret; its length goes to *len. Valid until release. A secret that the
     * host lent must not be written. */
    void* (*data)(const hearth_secret* secret, size_t* len);

    /* [any] Wipes and frees what create() made. NULL is allowed. */
    void (*release)(hearth_secret* secret);

    /* [worker][client] How many secrets of that kind the caller supplied. */
    size_t (*count)(hearth_op* op, uint32_t kind);

    /* [worker][client] The i-th of them, borrowed until the operation ends; NULL beyond count(). */
    const hearth_secret* (*at)(hearth_op* op, uint32_t kind, size_t i);

    /* [worker][client] HEARTH_PERMIT_* that the person has granted for this operation. */
    hearth_flags (*permissions)(hearth_op* op);
} hearth_host_secrets;

#endif
