/* SPDX-License-Identifier: MIT */
/* hearth.host.record/0: read access to a user record. `pointer` is a JSON pointer (RFC 6901) and
 * reads the value that holds on this machine: binding over matching perMachine entries over the top
 * level. `secret` is never visible. */
#ifndef HEARTH_HOST_RECORD_H
#define HEARTH_HOST_RECORD_H

#include "abi.h"

#define HEARTH_HOST_RECORD "hearth.host.record/0"

typedef struct hearth_host_record {
    uint32_t struct_size;
    uint32_t reserved;

    /* [any] A missing value is HEARTH_E_NOT_SUPPORTED, a value of another type
     * HEARTH_E_INVALID_ARGUMENT. Text is NUL-terminated behind its length and borrowed until the
     * record goes (until close() for an open session). */
    hearth_status (*get_str)(const hearth_record* record, const char* pointer, hearth_bytes* out);
    hearth_status (*get_u64)(const hearth_record* record, const char* pointer, uint64_t* out);
    hearth_status (*get_bool)(const hearth_record* record, const char* pointer, uint32_t* out);

    /* [any] The value as compact JSON text. */
    hearth_status (*get_json)(const hearth_record* record, const char* pointer, hearth_bytes* out);

    /* [worker] Sets (or, with json NULL, removes) a value below "/binding/<machine>/", written as
     * "/binding/NAME": what this machine has to remember of the medium. Anything else would break
     * the signature and is HEARTH_E_PERMISSION. */
    hearth_status (*patch)(hearth_record* record, const char* pointer, const char* json);
} hearth_host_record;

#endif
