/* SPDX-License-Identifier: MIT */
#include "remove_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_DEPTH 200

static int remove_at(int dir, const char* name, dev_t device, int depth);

static int empty(DIR* stream, dev_t device, int depth) {
    const struct dirent* entry;
    while ((errno = 0, entry = readdir(stream)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        if (remove_at(dirfd(stream), entry->d_name, device, depth + 1) != 0) return -1;
    }
    return errno == 0 ? 0 : -1;
}

/* device 0: the first folder, which decides about the file system. */
static int remove_at(int dir, const char* name, dev_t device, int depth) {
    if (unlinkat(dir, name, 0) == 0 || errno == ENOENT) return 0;
    if (errno != EISDIR && errno != EPERM) return -1;
    if (depth > MAX_DEPTH) return errno = ELOOP, -1;
    const int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return -1;
    struct stat status;
    if (fstat(fd, &status) != 0 || (device != 0 && status.st_dev != device)) {
        close(fd);
        return errno = EXDEV, -1;
    }
    DIR* stream = fdopendir(fd);
    if (stream == NULL) return close(fd), -1;
    const int result = empty(stream, status.st_dev, depth);
    const int cause = errno;
    closedir(stream);
    if (result != 0) return errno = cause, -1;
    return unlinkat(dir, name, AT_REMOVEDIR);
}

int remove_tree(int dir, const char* name) {
    return remove_at(dir, name, 0, 0);
}
