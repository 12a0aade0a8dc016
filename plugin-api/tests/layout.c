/* SPDX-License-Identifier: MIT */
/* Prints where every member of every struct lies. Built as C and as C++: both have to say the same.
 */
#include <hearth/plugin.h>
#include <stdio.h>

#define STRUCT(name) printf("%s %zu\n", #name, sizeof(name));
#define FIELD(name, member) \
    printf("  %s %zu+%zu\n", #member, offsetof(name, member), sizeof(((name*)0)->member));

int main(void) {
    printf("abi %u.%u\n", HEARTH_ABI_MAJOR, HEARTH_ABI_MINOR);
#include "layout.inc"
    return 0;
}
