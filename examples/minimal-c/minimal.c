/* SPDX-License-Identifier: MIT */
/* The smallest real storage plugin: a folder that is the home, without encryption. A new home is
 * made under a temporary name and renamed when it is whole, so that a crash leaves either no home
 * or a complete one. */
#include <errno.h>
#include <fcntl.h>
#include <hearth/plugin.h>
#include <hearth_manifest.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "remove_tree.h"

static const hearth_host* host;
static const hearth_host_place* place_service;

struct hearth_session {
    hearth_place place;
    int root;      /* the open folder */
    uint32_t made; /* create() made it, under its temporary name */
};

static hearth_status fail_errno(hearth_op* op, const char* text) {
    const int cause = errno;
    const hearth_status code = cause == ENOENT                      ? HEARTH_E_HOME_ABSENT
                               : cause == EEXIST                    ? HEARTH_E_HOME_EXISTS
                               : cause == ENOSPC || cause == EDQUOT ? HEARTH_E_NO_SPACE
                                                                    : HEARTH_E_IO;
    return host->fail(op, code, cause, text);
}

static hearth_status get_place(hearth_op* op, const hearth_record* record, hearth_place* place) {
    *place = (hearth_place){.struct_size = sizeof *place, .dir_fd = -1};
    return place_service->of(op, record, place);
}

static int open_folder(int dir, const char* name) {
    return openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static int exists(const hearth_place* place, const char* name) {
    struct stat status;
    return fstatat(place->dir_fd, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

static int sync_folder(int dir) {
    const int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); /* dir may be O_PATH */
    const int result = fd < 0 ? -1 : fsync(fd);
    if (fd >= 0) close(fd);
    return result;
}

/* Takes a folder away for good: the rename is the moment at which it is gone, the rest can be done
 * again. */
static hearth_status discard(hearth_op* op, const hearth_place* place, const char* name) {
    /* What an earlier try left there would be in the way of the rename. */
    if (remove_tree(place->dir_fd, place->trash_name) != 0)
        return fail_errno(op, "an old folder cannot be removed");
    if (renameat(place->dir_fd, name, place->dir_fd, place->trash_name) != 0 && errno != ENOENT)
        return fail_errno(op, "the folder cannot be renamed");
    if (remove_tree(place->dir_fd, place->trash_name) != 0)
        return fail_errno(op, "the folder cannot be removed");
    return HEARTH_OK;
}

static hearth_status state(hearth_op* op, const hearth_record* record, uint32_t* out) {
    hearth_place place;
    const hearth_status status = get_place(op, record, &place);
    if (status != HEARTH_OK) return status;
    *out = exists(&place, place.name) ? HEARTH_STATE_INACTIVE : HEARTH_STATE_ABSENT;
    return HEARTH_OK;
}

/* Opens `name` as a new session. */
static hearth_status open_session(hearth_op* op, const hearth_place* place, const char* name,
                                  hearth_session** out) {
    const int root = open_folder(place->dir_fd, name);
    if (root < 0) return fail_errno(op, "the folder cannot be opened");
    hearth_session* session = malloc(sizeof *session);
    if (session == NULL) {
        close(root);
        return host->fail(op, HEARTH_E_NO_MEMORY, 0, "no memory for a session");
    }
    *session = (hearth_session){.place = *place, .root = root};
    *out = session;
    return HEARTH_OK;
}

static hearth_status create(hearth_op* op, hearth_record* record,
                            const hearth_credential* credentials, size_t count,
                            hearth_session** out) {
    (void)credentials; /* a plain folder has no keys */
    (void)count;
    hearth_place place;
    hearth_status status = get_place(op, record, &place);
    if (status != HEARTH_OK) return status;
    if (exists(&place, place.name))
        return host->fail(op, HEARTH_E_HOME_EXISTS, 0, "the folder exists");
    if (mkdirat(place.dir_fd, place.temp_name, 0700) != 0)
        return fail_errno(op, "the folder cannot be made");
    status = open_session(op, &place, place.temp_name, out);
    if (status == HEARTH_OK)
        (*out)->made = 1;
    else
        unlinkat(place.dir_fd, place.temp_name, AT_REMOVEDIR);
    return status;
}

static hearth_status unlock_medium(hearth_op* op, hearth_record* record, hearth_flags flags,
                                   hearth_session** out) {
    (void)flags;
    hearth_place place;
    const hearth_status status = get_place(op, record, &place);
    return status != HEARTH_OK ? status : open_session(op, &place, place.name, out);
}

static hearth_status mount_home(hearth_op* op, hearth_session* session, hearth_root* out) {
    (void)op;
    out->fd = session->root;
    out->kind = HEARTH_ROOT_PLAIN_DIR;
    out->idmap = 1;
    out->owner = HEARTH_OWNER_NOBODY;
    out->subdir = NULL;
    return HEARTH_OK;
}

static hearth_status unmount_home(hearth_op* op, hearth_session* session) {
    (void)op;
    (void)session;
    return HEARTH_OK;
}

static hearth_status commit(hearth_op* op, const hearth_session* session) {
    const hearth_place* place = &session->place;
    if (syncfs(session->root) != 0) return fail_errno(op, "the folder cannot be written to disk");
    /* RENAME_NOREPLACE: whoever made a folder of that name meanwhile keeps it. */
    if (renameat2(place->dir_fd, place->temp_name, place->dir_fd, place->name, RENAME_NOREPLACE) !=
        0)
        return fail_errno(op, "the folder cannot be put in its place");
    return sync_folder(place->dir_fd) == 0
               ? HEARTH_OK
               : fail_errno(op, "the parent folder cannot be written to disk");
}

static hearth_status close_session(hearth_op* op, hearth_session* session, uint32_t disposition) {
    hearth_status status = HEARTH_OK;
    if (session->made && disposition == HEARTH_CLOSE_ROLLBACK)
        status = discard(op, &session->place, session->place.temp_name);
    else if (session->made)
        status = commit(op, session);
    /* Nobody could find it under its temporary name any more. */
    if (session->made && status != HEARTH_OK && disposition != HEARTH_CLOSE_ROLLBACK)
        (void)discard(op, &session->place, session->place.temp_name);
    close(session->root);
    free(session);
    return status;
}

static hearth_status deactivate(hearth_op* op, const hearth_record* record, int32_t root_fd,
                                hearth_flags flags) {
    (void)record;
    (void)flags;
    if (root_fd >= 0 && syncfs(root_fd) != 0)
        return fail_errno(op, "the home cannot be written to disk");
    return HEARTH_OK;
}

static hearth_status remove_home(hearth_op* op, const hearth_record* record) {
    hearth_place place;
    const hearth_status status = get_place(op, record, &place);
    return status != HEARTH_OK ? status : discard(op, &place, place.name);
}

/* During recover() the temporary names are those of the interrupted operation: what it left under
 * them is in nobody's way and can go. A removal that has begun is brought to its end. */
static hearth_status recover(hearth_op* op, const hearth_record* record,
                             const hearth_intent* intent, hearth_session* session_or_null) {
    (void)intent;
    (void)session_or_null;
    hearth_place place;
    const hearth_status status = get_place(op, record, &place);
    return status != HEARTH_OK ? status : discard(op, &place, place.temp_name);
}

static const hearth_storage storage = {
    .struct_size = sizeof storage,
    .name = HEARTH_PLUGIN_STORAGE,
    .state = state,
    .deactivate = deactivate,
    .remove = remove_home,
    .recover = recover,
    .create = create,
    .unlock_medium = unlock_medium,
    .mount = mount_home,
    .unmount = unmount_home,
    .close = close_session,
};

static const hearth_storage* const storages[] = {&storage, NULL};

static const hearth_plugin plugin = {
    .struct_size = sizeof plugin,
    .abi_major = HEARTH_ABI_MAJOR,
    .abi_minor = HEARTH_ABI_MINOR,
    .id = HEARTH_PLUGIN_ID,
    .version = HEARTH_PLUGIN_VERSION,
    .storage = storages,
};

hearth_status hearth_plugin_entry_0(const hearth_host* given, const hearth_plugin** out) {
    if (given->abi_major != HEARTH_ABI_MAJOR || given->abi_minor != HEARTH_ABI_MINOR)
        return HEARTH_E_NOT_SUPPORTED;
    host = given;
    place_service = host->query(HEARTH_HOST_PLACE);
    if (place_service == NULL) return HEARTH_E_NOT_SUPPORTED;
    *out = &plugin;
    return HEARTH_OK;
}
