/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A storage plugin for tests that keeps nothing: a home on it is the folder "/". Each bad plugin
 * includes this file and replaces one part of it, by a macro that is defined before. */
#include <fcntl.h>
#include <hearth/plugin.h>
#include <stdlib.h>
#include <unistd.h>

#ifndef HEARTH_PLUGIN_ID /* bad_no_manifest has no manifest to take these from */
#include <hearth_manifest.h>
#endif
#ifndef TABLE_ABI_MINOR
#define TABLE_ABI_MINOR HEARTH_ABI_MINOR
#endif
#ifndef TABLE_ID
#define TABLE_ID HEARTH_PLUGIN_ID
#endif
#ifndef WHEN_ENTERED
#define WHEN_ENTERED (void)0
#endif
#ifndef WHEN_CREATING
#define WHEN_CREATING (void)0
#endif
#ifndef STATE_VALUE
#define STATE_VALUE HEARTH_STATE_INACTIVE
#endif

static const hearth_host* host;

struct hearth_session {
    int root;
};

static hearth_status state(hearth_op* op, const hearth_record* record, uint32_t* out) {
    (void)op;
    (void)record;
    *out = STATE_VALUE;
    return HEARTH_OK;
}

static hearth_status open_session(hearth_session** out) {
    hearth_session* session = (hearth_session*)malloc(sizeof *session);
    if (session == NULL) return HEARTH_E_NO_MEMORY;
    session->root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    *out = session;
    return HEARTH_OK;
}

static hearth_status create(hearth_op* op, hearth_record* record, const hearth_credential* list,
                            size_t count, hearth_session** out) {
    (void)op;
    (void)record;
    (void)list;
    (void)count;
    WHEN_CREATING;
    return open_session(out);
}

static hearth_status unlock_medium(hearth_op* op, hearth_record* record, hearth_flags flags,
                                   hearth_session** out) {
    (void)record;
    (void)flags;
    const hearth_host_secrets* secrets =
        (const hearth_host_secrets*)host->query(HEARTH_HOST_SECRETS);
    if (secrets->count(op, HEARTH_SECRET_PASSWORD) == 0)
        return host->fail(op, HEARTH_E_BAD_SECRET, 0, "no password was given");
    return open_session(out);
}

static hearth_status mount_home(hearth_op* op, hearth_session* session, hearth_root* out) {
    (void)op;
    out->fd = session->root;
    out->kind = HEARTH_ROOT_PLAIN_DIR;
    out->idmap = 1;
    out->owner = HEARTH_OWNER_USER;
    return HEARTH_OK;
}

static hearth_status unmount_home(hearth_op* op, hearth_session* session) {
    (void)op;
    (void)session;
    return HEARTH_OK;
}

static hearth_status close_session(hearth_op* op, hearth_session* session, uint32_t disposition) {
    host->log(op, 6, __FILE__, __LINE__,
              disposition == HEARTH_CLOSE_ROLLBACK ? "rolled back" : "closed");
    close(session->root);
    free(session);
    return HEARTH_OK;
}

static hearth_status deactivate(hearth_op* op, const hearth_record* record, int32_t root_fd,
                                hearth_flags flags) {
    (void)op;
    (void)record;
    (void)root_fd;
    (void)flags;
    return HEARTH_OK;
}

static hearth_status remove_home(hearth_op* op, const hearth_record* record) {
    (void)op;
    (void)record;
    return HEARTH_OK;
}

static hearth_status recover(hearth_op* op, const hearth_record* record,
                             const hearth_intent* intent, hearth_session* session) {
    (void)op;
    (void)record;
    (void)intent;
    (void)session;
    return HEARTH_OK;
}

/* In the order of the table, so that C++ can read it too. */
static const hearth_storage storage = {sizeof(hearth_storage),
                                       0,
                                       HEARTH_PLUGIN_STORAGE,
                                       NULL /* validate */,
                                       NULL /* probe */,
                                       state,
                                       NULL /* usage */,
                                       deactivate,
                                       NULL /* lock */,
                                       NULL /* unlock */,
                                       remove_home,
                                       recover,
                                       create,
                                       unlock_medium,
                                       NULL /* header_load */,
                                       NULL /* header_store */,
                                       mount_home,
                                       unmount_home,
                                       NULL /* resize */,
                                       NULL /* rekey_prepare */,
                                       NULL /* rekey_finish */,
                                       close_session};

static const hearth_storage* const storages[] = {&storage, NULL};

static const hearth_plugin plugin = {sizeof(hearth_plugin),
                                     HEARTH_ABI_MAJOR,
                                     TABLE_ABI_MINOR,
                                     0,
                                     TABLE_ID,
                                     HEARTH_PLUGIN_VERSION,
                                     storages,
                                     NULL};

hearth_status hearth_plugin_entry_0(const hearth_host* given, const hearth_plugin** out) {
    if (given->abi_major != HEARTH_ABI_MAJOR || given->abi_minor != HEARTH_ABI_MINOR)
        return HEARTH_E_NOT_SUPPORTED;
    host = given;
    WHEN_ENTERED;
    *out = &plugin;
    return HEARTH_OK;
}
