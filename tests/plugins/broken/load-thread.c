/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Starts a thread when it is entered. */
#include <pthread.h>
#include <unistd.h>
static void* sleep_on(void* nothing) {
    for (;;) pause();
    return nothing;
}
static void start_thread(void) {
    pthread_t thread;
    (void)pthread_create(&thread, NULL, sleep_on, NULL);
}
#define ON_ENTRY start_thread()
#include "whole.h"
