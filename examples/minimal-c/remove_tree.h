/* SPDX-License-Identifier: MIT */
#ifndef MINIMAL_REMOVE_TREE_H
#define MINIMAL_REMOVE_TREE_H

/* Removes the folder `name` of the open folder `dir` with everything in it; a missing one is no
 * error. Follows no symbolic link and enters no other file system. Up to 200 folders deep. Returns
 * 0, or -1 with errno. */
int remove_tree(int dir, const char* name);

#endif
