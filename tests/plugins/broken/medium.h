/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parts of whole.h: where the medium is, its files and its slots. */
#ifndef MEDIUM_H
#define MEDIUM_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <hearth/plugin.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "examples/minimal-c/remove_tree.h"

static const hearth_host* host;

/* Copies of the names: those of the host are lent for one operation. */
struct medium {
    int dir;
    char name[200];
    char temp[200];
    char trash[200];
};

static hearth_status fail_errno(hearth_op* op, const char* text) {
    const int cause = errno;
    const hearth_status code = cause == ENOENT   ? HEARTH_E_HOME_ABSENT
                               : cause == EEXIST ? HEARTH_E_HOME_EXISTS
                               : cause == ENOSPC ? HEARTH_E_NO_SPACE
                                                 : HEARTH_E_IO;
    return host->fail(op, code, cause, text);
}

static hearth_status find_medium(hearth_op* op, const hearth_record* record, struct medium* out) {
    hearth_place place = {sizeof place, -1, NULL, NULL, NULL};
    const hearth_host_place* service = (const hearth_host_place*)host->query(HEARTH_HOST_PLACE);
    const hearth_status status = service->of(op, record, &place);
    if (status != HEARTH_OK) return host->fail(op, status, 0, "the host gave no place");
    out->dir = place.dir_fd;
    snprintf(out->name, sizeof out->name, "%s", place.name);
    snprintf(out->temp, sizeof out->temp, "%s", place.temp_name);
    snprintf(out->trash, sizeof out->trash, "%s", place.trash_name);
    return HEARTH_OK;
}

static int is_cancelled(hearth_op* op) {
    struct pollfd wait = {host->cancel_fd(op), POLLIN, 0};
    return wait.fd >= 0 && poll(&wait, 1, 0) > 0;
}

static hearth_status save_note(hearth_op* op, const char* text) {
    const hearth_bytes bytes = {text, strlen(text)};
    return host->note(op, &bytes);
}

static int open_folder(int dir, const char* name) {
    return openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static int has_file(int dir, const char* name) {
    struct stat info;
    return fstatat(dir, name, &info, AT_SYMLINK_NOFOLLOW) == 0;
}

static int has_folder(int dir, const char* name) {
    struct stat info;
    return fstatat(dir, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(info.st_mode);
}

static int write_file(int dir, const char* name, const char* text) {
    const int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) return -1;
    const int done = write(fd, text, strlen(text)) == (ssize_t)strlen(text) && fsync(fd) == 0;
    close(fd);
    return done ? 0 : -1;
}

static ssize_t read_file(int dir, const char* name, char* out, size_t room) {
    const int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return -1;
    const ssize_t size = read(fd, out, room);
    close(fd);
    return size;
}

static hearth_status remove_all(hearth_op* op, const struct medium* medium, const char* name) {
    if (remove_tree(medium->dir, name) == 0) return HEARTH_OK;
    return fail_errno(op, "a folder cannot be removed");
}

/* A checksum is no way to keep passwords: this plugin is for tests. */
static void checksum(const hearth_secret* secret, char out[17]) {
    const hearth_host_secrets* secrets =
        (const hearth_host_secrets*)host->query(HEARTH_HOST_SECRETS);
    size_t size = 0;
    const unsigned char* bytes = (const unsigned char*)secrets->data(secret, &size);
    uint64_t sum = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < size; ++i) sum = (sum ^ bytes[i]) * UINT64_C(1099511628211);
    snprintf(out, 17, "%016llx", (unsigned long long)sum);
}

static void slot_name(const hearth_credential* credential, char out[17]) {
    for (int i = 0; i < 8; ++i) snprintf(out + 2 * i, 3, "%02x", credential->id[i]);
}

/* Written beside its place and renamed, so that a slot is whole or not there. */
static int write_slot(int root, const hearth_credential* credential) {
    if (credential->secret == NULL) return 0;
    const int slots = open_folder(root, "slots");
    char name[17];
    char sum[17];
    slot_name(credential, name);
    checksum(credential->secret, sum);
    const int done = slots >= 0 && write_file(slots, "new", sum) == 0 &&
                     renameat(slots, "new", slots, name) == 0;
    if (slots >= 0) close(slots);
    return done ? 0 : -1;
}

static DIR* read_slots(int root) {
    const int slots = open_folder(root, "slots");
    DIR* list = slots < 0 ? NULL : fdopendir(slots);
    if (slots >= 0 && list == NULL) close(slots);
    return list;
}

/* Does one of the passwords fit one of the slots? */
static int fits(hearth_op* op, int root) {
    const hearth_host_secrets* secrets =
        (const hearth_host_secrets*)host->query(HEARTH_HOST_SECRETS);
    DIR* list = read_slots(root);
    int found = 0;
    const struct dirent* entry;
    while (list != NULL && (entry = readdir(list)) != NULL) {
        char sum[17];
        char have[17] = "";
        if (strlen(entry->d_name) != 16) continue;
        if (read_file(dirfd(list), entry->d_name, have, 16) != 16) continue;
        for (size_t i = 0; i < secrets->count(op, HEARTH_SECRET_PASSWORD); ++i) {
            checksum(secrets->at(op, HEARTH_SECRET_PASSWORD, i), sum);
            found = found || strcmp(sum, have) == 0;
        }
    }
    if (list != NULL) closedir(list);
    return found;
}

/* Removes the slots that are in the list, or all the others. */
static int drop_slots(int root, const char* names, int listed) {
    DIR* list = read_slots(root);
    if (list == NULL) return 0;
    const struct dirent* entry;
    while ((entry = readdir(list)) != NULL) {
        if (entry->d_name[0] == '.') continue;
        const int is_listed = strstr(names, entry->d_name) != NULL;
        if (is_listed == (listed != 0)) unlinkat(dirfd(list), entry->d_name, 0);
    }
    closedir(list);
    return 1;
}

#endif
