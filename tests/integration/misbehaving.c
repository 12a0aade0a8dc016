/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A plugin that misbehaves in one way, chosen when it is compiled: -DWHEN_ENTERED=...,
 * -DWHEN_CREATING=... are what it does then, NOTE is the header with its manifest as `hearth_note`.
 * Built and tried by bad_plugins.py. */
#include <hearth/plugin.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#ifdef NOTE
#include NOTE
#endif
#ifndef TABLE_MINOR
#define TABLE_MINOR HEARTH_ABI_MINOR
#endif
#ifndef TABLE_ID
#define TABLE_ID "org.example." NAME
#endif
#ifndef WHEN_ENTERED
#define WHEN_ENTERED (void)0
#endif
#ifndef WHEN_CREATING
#define WHEN_CREATING (void)0
#endif

static const hearth_host* the_host;

static hearth_status validate(hearth_op* op, const hearth_record* record) {
    (void)op;
    (void)record;
    return HEARTH_OK;
}

static hearth_status state(hearth_op* op, const hearth_record* record, uint32_t* out) {
    (void)op;
    (void)record;
    *out = HEARTH_STATE_ABSENT;
    return HEARTH_OK;
}

/* There is never anything to finish or to undo. */
static hearth_status recover(hearth_op* op, const hearth_record* record,
                             const hearth_intent* intent, hearth_session* session) {
    (void)op;
    (void)record;
    (void)intent;
    (void)session;
    return HEARTH_OK;
}

static hearth_status create(hearth_op* op, hearth_record* record,
                            const hearth_credential* credentials, size_t count,
                            hearth_session** out) {
    (void)op;
    (void)record;
    (void)credentials;
    (void)count;
    (void)out;
    WHEN_CREATING;
    return the_host->fail(op, HEARTH_E_NOT_SUPPORTED, 0, "this plugin creates nothing");
}

static const hearth_storage storage = {.struct_size = sizeof storage,
                                       .name = "bad-" NAME,
                                       .validate = validate,
                                       .state = state,
                                       .recover = recover,
                                       .create = create};
static const hearth_storage* const storages[] = {&storage, NULL};
static const hearth_plugin plugin = {.struct_size = sizeof plugin,
                                     .abi_major = HEARTH_ABI_MAJOR,
                                     .abi_minor = TABLE_MINOR,
                                     .id = TABLE_ID,
                                     .version = "1.0.0",
                                     .storage = storages};

#ifndef NO_ENTRY
hearth_status hearth_plugin_entry_0(const hearth_host* host, const hearth_plugin** out) {
    the_host = host;
    WHEN_ENTERED;
    *out = &plugin;
    return HEARTH_OK;
}
#else
/* The tables exist, and nobody can find them. */
const hearth_plugin* not_the_entry(void) {
    return &plugin;
}
#endif
