/* SPDX-License-Identifier: MIT */
/* What a storage provider and core tell each other. */
#ifndef HEARTH_STORAGE_TYPES_H
#define HEARTH_STORAGE_TYPES_H

#include "abi.h"

typedef struct hearth_session hearth_session; /* plugin-owned: one open medium */

/* state() */
#define HEARTH_STATE_UNKNOWN 0u
#define HEARTH_STATE_ABSENT 1u
#define HEARTH_STATE_INACTIVE 2u
#define HEARTH_STATE_DIRTY 3u /* inactive, and was not closed cleanly */
#define HEARTH_STATE_ACTIVE 4u
#define HEARTH_STATE_LINGERING 5u /* deactivated, but something still holds it */
#define HEARTH_STATE_LOCKED 6u

/* close() */
#define HEARTH_CLOSE_ROLLBACK 0u    /* undo what this session did to the medium */
#define HEARTH_CLOSE_COMMIT 1u      /* the medium is whole: put it in its place, and close it */
#define HEARTH_CLOSE_KEEP_ACTIVE 2u /* the home is in use from now on: leave open what it needs */

/* credential.kind */
#define HEARTH_CREDENTIAL_PASSWORD 1u
#define HEARTH_CREDENTIAL_RECOVERY 2u
#define HEARTH_CREDENTIAL_TOKEN 3u

/* What unlocks a medium. */
typedef struct hearth_credential {
    uint32_t struct_size;
    uint32_t kind;
    uint8_t id[32]; /* SHA-256 of the entry's hashedPassword: names it across operations */
    const hearth_secret* secret; /* NULL: keep the one that is there under this id */
} hearth_credential;

#define HEARTH_ROOT_PLAIN_DIR 1u      /* fd is a directory of a mounted file system */
#define HEARTH_ROOT_DETACHED_MOUNT 2u /* fd is a mount that is attached nowhere */

/* An opened home, as mount() gives it to core. */
typedef struct hearth_root {
    uint32_t struct_size;
    int32_t fd;     /* owned by the session: core clones what it needs before unmount() */
    uint32_t kind;  /* HEARTH_ROOT_* */
    uint32_t idmap; /* 1: may be ID-mapped; 0: never (the file system decides about owners) */
    uint32_t owner; /* UID that files have on the medium; HEARTH_OWNER_USER: the record's uid */
    uint32_t reserved;
    const char* subdir; /* the home inside fd, or NULL for fd itself; owned by the session */
} hearth_root;

#define HEARTH_OWNER_USER UINT32_MAX
#define HEARTH_OWNER_NOBODY UINT32_C(65534)

/* Sizes in bytes; HEARTH_UNKNOWN_SIZE where the medium cannot tell. */
#define HEARTH_UNKNOWN_SIZE UINT64_MAX
typedef struct hearth_usage {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t size;    /* what the home may take */
    uint64_t used;    /* what it takes now */
    uint64_t free;    /* what is left for it */
    uint64_t floor;   /* smallest size a resize can reach */
    uint64_t ceiling; /* largest */
} hearth_usage;

#define HEARTH_PROBE_NO 0u
#define HEARTH_PROBE_MAYBE 1u
#define HEARTH_PROBE_CERTAIN 2u

typedef struct hearth_probe {
    uint32_t struct_size;
    uint32_t certainty; /* HEARTH_PROBE_* */
    char label[256];    /* of the medium, NUL-terminated, may be empty */
    char user[256];     /* whose home it says it is, may be empty */
    char realm[256];
} hearth_probe;

/* verb of hearth_intent */
#define HEARTH_VERB_CREATE 1u
#define HEARTH_VERB_ACTIVATE 2u
#define HEARTH_VERB_DEACTIVATE 3u
#define HEARTH_VERB_UPDATE 4u
#define HEARTH_VERB_PASSWD 5u
#define HEARTH_VERB_RESIZE 6u
#define HEARTH_VERB_LOCK 7u
#define HEARTH_VERB_UNLOCK 8u
#define HEARTH_VERB_REMOVE 9u
#define HEARTH_VERB_ADOPT 10u

#define HEARTH_PHASE_BEGUN 0u      /* nothing final has been asked of the plugin */
#define HEARTH_PHASE_COMMITTING 1u /* close(COMMIT), remove() or the like may have begun */
#define HEARTH_PHASE_RECORDED 2u   /* core's record has the new state: finish what is left */

/* What an interrupted operation was doing. */
typedef struct hearth_intent {
    uint32_t struct_size;
    uint32_t verb;
    uint64_t op_id;    /* of the interrupted operation; temp_name in recover() derives from it */
    uint32_t phase;    /* HEARTH_PHASE_* */
    uint32_t mounted;  /* 1: the home is at its final place right now */
    hearth_bytes note; /* the plugin's last note, or empty */
} hearth_intent;

#endif
