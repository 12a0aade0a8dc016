/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A storage plugin that can do everything and does it right: a home is a folder with the files in
 * "home", a checksum of each password in "slots", a sealed record in "header" and a number in
 * "size". Every broken plugin includes this file and spoils one thing, by a macro that is defined
 * before: a statement that is run at that point, with the local variables there in reach. */
#include <hearth/plugin.h>
#include <hearth_manifest.h>
#include <stdlib.h>
#include <string.h>

#ifndef ON_ENTRY
#define ON_ENTRY (void)0
#endif
#ifndef VERSION_OF_HOST_MATTERS
#define VERSION_OF_HOST_MATTERS 1
#endif
#ifndef IN_VALIDATE
#define IN_VALIDATE (void)0
#endif
#ifndef IN_PROBE
#define IN_PROBE (void)0
#endif
#ifndef IN_STATE
#define IN_STATE (void)0
#endif
#ifndef IN_USAGE
#define IN_USAGE (void)0
#endif
#ifndef IN_DEACTIVATE
#define IN_DEACTIVATE (void)0
#endif
#ifndef IN_LOCK
#define IN_LOCK (void)0
#endif
#ifndef IN_UNLOCK
#define IN_UNLOCK (void)0
#endif
#ifndef BEFORE_REMOVE
#define BEFORE_REMOVE (void)0
#endif
#ifndef IN_RECOVER
#define IN_RECOVER (void)0
#endif
#ifndef BEFORE_CREATE
#define BEFORE_CREATE (void)0
#endif
#ifndef WHEN_CREATED
#define WHEN_CREATED (void)0
#endif
#ifndef BEFORE_OPEN
#define BEFORE_OPEN (void)0
#endif
#ifndef WHEN_OPENED
#define WHEN_OPENED (void)0
#endif
#ifndef WHEN_WRONG
#define WHEN_WRONG (void)0
#endif
#ifndef IN_HEADER_LOAD
#define IN_HEADER_LOAD (void)0
#endif
#ifndef IN_MOUNT
#define IN_MOUNT (void)0
#endif
#ifndef IN_RESIZE
#define IN_RESIZE (void)0
#endif
#ifndef IN_REKEY_PREPARE
#define IN_REKEY_PREPARE (void)0
#endif
#ifndef IN_REKEY_FINISH
#define IN_REKEY_FINISH (void)0
#endif
#ifndef IN_CLOSE
#define IN_CLOSE (void)0
#endif
#ifndef LOCK_FUNCTION
#define LOCK_FUNCTION lock_home
#endif

#include "medium.h"

struct hearth_session {
    struct medium medium;
    int root;         /* the folder of the medium */
    int made;         /* by create(), under its temporary name */
    char fresh[4096]; /* rekey: the slots that were added, "NAME NAME " */
};

static hearth_status validate(hearth_op* op, const hearth_record* record) {
    struct medium medium;
    (void)medium;
    IN_VALIDATE;
    return find_medium(op, record, &medium);
}

static hearth_status probe(hearth_op* op, int32_t fd, hearth_probe* out) {
    (void)op;
    out->certainty = HEARTH_PROBE_NO;
    IN_PROBE;
    if (has_folder(fd, "home") && has_folder(fd, "slots")) out->certainty = HEARTH_PROBE_CERTAIN;
    return HEARTH_OK;
}

static hearth_status state(hearth_op* op, const hearth_record* record, uint32_t* out) {
    struct medium medium;
    IN_STATE;
    const hearth_status status = find_medium(op, record, &medium);
    if (status != HEARTH_OK) return status;
    const int root = open_folder(medium.dir, medium.name);
    *out = root < 0                   ? HEARTH_STATE_ABSENT
           : has_file(root, "locked") ? HEARTH_STATE_LOCKED
                                      : HEARTH_STATE_INACTIVE;
    if (root >= 0) close(root);
    return HEARTH_OK;
}

static hearth_status usage(hearth_op* op, const hearth_record* record, int32_t root_fd,
                           hearth_usage* out) {
    struct medium medium;
    (void)root_fd;
    const hearth_status status = find_medium(op, record, &medium);
    if (status != HEARTH_OK) return status;
    out->size = 1000;
    out->free = 900;
    IN_USAGE;
    return HEARTH_OK;
}

static hearth_status deactivate(hearth_op* op, const hearth_record* record, int32_t root_fd,
                                hearth_flags flags) {
    struct medium medium;
    (void)root_fd;
    (void)flags;
    const hearth_status status = find_medium(op, record, &medium);
    IN_DEACTIVATE;
    return status;
}

static hearth_status lock_home(hearth_op* op, const hearth_record* record) {
    struct medium medium;
    const hearth_status status = find_medium(op, record, &medium);
    IN_LOCK;
    if (status != HEARTH_OK) return status;
    const int root = open_folder(medium.dir, medium.name);
    const int done = root >= 0 && write_file(root, "locked", "") == 0;
    if (root >= 0) close(root);
    return done ? HEARTH_OK : fail_errno(op, "locking failed");
}

static hearth_status unlock_home(hearth_op* op, const hearth_record* record) {
    struct medium medium;
    hearth_status status = find_medium(op, record, &medium);
    IN_UNLOCK;
    if (status != HEARTH_OK) return status;
    const int root = open_folder(medium.dir, medium.name);
    if (root < 0) return fail_errno(op, "the home is not there");
    if (fits(op, root))
        status = unlinkat(root, "locked", 0) == 0 ? HEARTH_OK : fail_errno(op, "unlocking failed");
    else
        status = host->fail(op, HEARTH_E_BAD_SECRET, 0, "no password fits");
    close(root);
    return status;
}

static hearth_status remove_home(hearth_op* op, const hearth_record* record) {
    struct medium medium;
    const hearth_status status = find_medium(op, record, &medium);
    if (status != HEARTH_OK) return status;
    if (is_cancelled(op)) return host->fail(op, HEARTH_E_CANCELLED, 0, "cancelled");
    BEFORE_REMOVE;
    if (renameat2(medium.dir, medium.name, medium.dir, medium.trash, RENAME_NOREPLACE) != 0)
        return fail_errno(op, "the home cannot be moved away");
    host->progress(op, 1, 2, "removing files");
    return remove_all(op, &medium, medium.trash);
}

static hearth_status recover(hearth_op* op, const hearth_record* record,
                             const hearth_intent* intent, hearth_session* session) {
    struct medium medium;
    (void)session;
    const hearth_status status = find_medium(op, record, &medium);
    if (status != HEARTH_OK) return status;
    IN_RECOVER;
    if (intent->verb == HEARTH_VERB_CREATE) return remove_all(op, &medium, medium.temp);
    if (intent->verb == HEARTH_VERB_REMOVE) return remove_all(op, &medium, medium.trash);
    if (intent->verb != HEARTH_VERB_PASSWD || intent->note.len == 0) return HEARTH_OK;
    const int root = open_folder(medium.dir, medium.name);
    if (root < 0) return fail_errno(op, "the home is not there");
    char fresh[4096];
    const size_t size = intent->note.len < sizeof fresh ? intent->note.len : sizeof fresh - 1;
    memcpy(fresh, intent->note.ptr, size);
    fresh[size] = '\0';
    const int done = drop_slots(root, fresh, intent->phase != HEARTH_PHASE_RECORDED);
    close(root);
    return done ? HEARTH_OK : fail_errno(op, "old slots cannot be removed");
}

static hearth_status new_session(hearth_op* op, const struct medium* medium, const char* name,
                                 hearth_session** out) {
    const int root = open_folder(medium->dir, name);
    if (root < 0) return fail_errno(op, "the home cannot be opened");
    hearth_session* session = (hearth_session*)calloc(1, sizeof *session);
    if (session == NULL) {
        close(root);
        return host->fail(op, HEARTH_E_NO_MEMORY, 0, "no memory for a session");
    }
    session->medium = *medium;
    session->root = root;
    *out = session;
    return HEARTH_OK;
}

static hearth_status fill(hearth_op* op, hearth_session* session, const hearth_credential* list,
                          size_t count) {
    if (mkdirat(session->root, "home", 0700) != 0 || mkdirat(session->root, "slots", 0700) != 0)
        return fail_errno(op, "the folders cannot be made");
    for (size_t i = 0; i < count; ++i)
        if (write_slot(session->root, &list[i]) != 0)
            return fail_errno(op, "a slot cannot be written");
    return HEARTH_OK;
}

static hearth_status create(hearth_op* op, hearth_record* record, const hearth_credential* list,
                            size_t count, hearth_session** out) {
    struct medium medium;
    hearth_status status = find_medium(op, record, &medium);
    if (status != HEARTH_OK) return status;
    if (is_cancelled(op)) return host->fail(op, HEARTH_E_CANCELLED, 0, "cancelled");
    BEFORE_CREATE;
    if (has_folder(medium.dir, medium.name))
        return host->fail(op, HEARTH_E_HOME_EXISTS, 0, "the home is there");
    status = save_note(op, "new");
    if (status != HEARTH_OK) return host->fail(op, status, 0, "the host took no note");
    if (mkdirat(medium.dir, medium.temp, 0700) != 0)
        return fail_errno(op, "the folder cannot be made");
    hearth_session* session = NULL;
    status = new_session(op, &medium, medium.temp, &session);
    if (status == HEARTH_OK) status = fill(op, session, list, count);
    if (status == HEARTH_OK) WHEN_CREATED;
    if (status != HEARTH_OK) {
        (void)remove_all(op, &medium, medium.temp);
        if (session != NULL) close(session->root);
        free(session);
        return status;
    }
    host->progress(op, 1, 1, "made");
    session->made = 1;
    *out = session;
    return HEARTH_OK;
}

static hearth_status unlock_medium(hearth_op* op, hearth_record* record, hearth_flags flags,
                                   hearth_session** out) {
    struct medium medium;
    (void)flags;
    hearth_status status = find_medium(op, record, &medium);
    if (status != HEARTH_OK) return status;
    BEFORE_OPEN;
    hearth_session* session = NULL;
    status = new_session(op, &medium, medium.name, &session);
    if (status != HEARTH_OK) return status;
    int right = fits(op, session->root);
    if (!right) WHEN_WRONG;
    if (!right) {
        close(session->root);
        free(session);
        return host->fail(op, HEARTH_E_BAD_SECRET, 0, "no password fits");
    }
    WHEN_OPENED;
    *out = session;
    return HEARTH_OK;
}

static hearth_status header_load(hearth_op* op, hearth_session* session, hearth_bytes_sink sink,
                                 void* context) {
    static char text[65536];
    const ssize_t size = read_file(session->root, "header", text, sizeof text);
    if (size < 0) return fail_errno(op, "there is no header");
    hearth_bytes bytes = {text, (size_t)size};
    IN_HEADER_LOAD;
    return sink(context, &bytes);
}

static hearth_status header_store(hearth_op* op, hearth_session* session,
                                  const hearth_bytes* bytes) {
    const int fd = openat(session->root, "header", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const int done = fd >= 0 && write(fd, bytes->ptr, bytes->len) == (ssize_t)bytes->len;
    if (fd >= 0) close(fd);
    return done ? HEARTH_OK : fail_errno(op, "the header cannot be written");
}

static hearth_status mount_home(hearth_op* op, hearth_session* session, hearth_root* out) {
    (void)op;
    out->fd = session->root;
    out->kind = HEARTH_ROOT_PLAIN_DIR;
    out->idmap = 1;
    out->owner = HEARTH_OWNER_USER;
    out->subdir = "home";
    IN_MOUNT;
    return HEARTH_OK;
}

static hearth_status unmount_home(hearth_op* op, hearth_session* session) {
    (void)op;
    (void)session;
    return HEARTH_OK;
}

static hearth_status resize(hearth_op* op, hearth_session* session, int32_t root_fd, uint64_t bytes,
                            hearth_flags flags, uint64_t* actual) {
    (void)op;
    (void)session;
    (void)root_fd;
    (void)flags;
    *actual = bytes;
    IN_RESIZE;
    return HEARTH_OK;
}

static hearth_status rekey_prepare(hearth_op* op, hearth_session* session,
                                   const hearth_credential* list, size_t count) {
    for (size_t i = 0; i < count; ++i) {
        char name[17];
        slot_name(&list[i], name);
        strcat(strcat(session->fresh, name), " ");
    }
    IN_REKEY_PREPARE;
    const hearth_status status = save_note(op, session->fresh);
    if (status != HEARTH_OK) return host->fail(op, status, 0, "the host took no note");
    for (size_t i = 0; i < count; ++i)
        if (write_slot(session->root, &list[i]) != 0)
            return fail_errno(op, "a slot cannot be written");
    host->progress(op, 1, 2, "slots are added");
    return HEARTH_OK;
}

static hearth_status rekey_finish(hearth_op* op, hearth_session* session, uint32_t commit) {
    IN_REKEY_FINISH;
    if (drop_slots(session->root, session->fresh, !commit)) return HEARTH_OK;
    return fail_errno(op, "slots cannot be removed");
}

static hearth_status close_session(hearth_op* op, hearth_session* session, uint32_t disposition) {
    struct medium medium = session->medium;
    const int made = session->made;
    const int root = session->root;
    hearth_status status = HEARTH_OK;
    IN_CLOSE;
    close(root);
    free(session);
    if (!made) return status;
    if (disposition != HEARTH_CLOSE_ROLLBACK &&
        renameat2(medium.dir, medium.temp, medium.dir, medium.name, RENAME_NOREPLACE) == 0)
        return HEARTH_OK;
    if (disposition != HEARTH_CLOSE_ROLLBACK) status = fail_errno(op, "somebody took the name");
    (void)remove_all(op, &medium, medium.temp);
    return status;
}

/* In the order of the table, so that C++ can read it too. */
static const hearth_storage storage = {sizeof(hearth_storage),
                                       0,
                                       HEARTH_PLUGIN_STORAGE,
                                       validate,
                                       probe,
                                       state,
                                       usage,
                                       deactivate,
                                       LOCK_FUNCTION,
                                       unlock_home,
                                       remove_home,
                                       recover,
                                       create,
                                       unlock_medium,
                                       header_load,
                                       header_store,
                                       mount_home,
                                       unmount_home,
                                       resize,
                                       rekey_prepare,
                                       rekey_finish,
                                       close_session};

static const hearth_storage* const storages[] = {&storage, NULL};

static const hearth_plugin plugin = {
    sizeof(hearth_plugin), HEARTH_ABI_MAJOR,      HEARTH_ABI_MINOR, 0,
    HEARTH_PLUGIN_ID,      HEARTH_PLUGIN_VERSION, storages,         NULL};

hearth_status hearth_plugin_entry_0(const hearth_host* given, const hearth_plugin** out) {
    if (VERSION_OF_HOST_MATTERS &&
        (given->abi_major != HEARTH_ABI_MAJOR || given->abi_minor != HEARTH_ABI_MINOR))
        return HEARTH_E_NOT_SUPPORTED;
    host = given;
    *out = &plugin;
    ON_ENTRY;
    return HEARTH_OK;
}
