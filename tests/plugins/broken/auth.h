/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A kind of token that does everything right and needs no device: two "soft tokens", whose secret
 * is a checksum of the PIN and of the salt in the entry. Every broken plugin includes this file and
 * spoils one thing, by a macro that is defined before. It is C and C++. */
#include <errno.h>
#include <fcntl.h>
#include <hearth/plugin.h>
#include <hearth_manifest.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#ifndef FAIL
#define FAIL(op, code, text) host->fail(op, code, 0, text)
#endif
#ifndef CODE_WITHOUT_TOKEN
#define CODE_WITHOUT_TOKEN HEARTH_E_NEED_TOKEN
#endif
#ifndef SINK_MAY_END
#define SINK_MAY_END 1
#endif
#ifndef IN_ACQUIRE
#define IN_ACQUIRE (void)0
#endif
#ifndef WITH_PIN
#define WITH_PIN (void)0
#endif
#ifndef WHEN_ACQUIRED
#define WHEN_ACQUIRED (void)0
#endif
#ifndef WITHOUT_MEMORY
#define WITHOUT_MEMORY FAIL(op, HEARTH_E_NO_MEMORY, "there is no memory for the secret")
#endif
#ifndef LISTENS
#define LISTENS 1
#endif
#ifndef PIN_IS_NEEDED
#define PIN_IS_NEEDED 1
#endif

#define SALT_DIGITS 32
#define SECRET_SIZE 32

static const hearth_host* host;

static const hearth_host_secrets* secrets_service(void) {
    return (const hearth_host_secrets*)host->query(HEARTH_HOST_SECRETS);
}

static hearth_status list_devices(hearth_op* op, hearth_device_sink sink, void* context) {
    static const char* const ids[] = {"soft:1", "soft:2"};
    for (size_t i = 0; i < 2; ++i) {
        hearth_device device;
        memset(&device, 0, sizeof device);
        device.struct_size = sizeof device;
        device.id = ids[i];
        device.label = "A token that is none";
        device.vendor = "Hearth";
        device.features = HEARTH_DEVICE_PIN | HEARTH_DEVICE_PRESENCE;
        const hearth_status answer = sink(context, &device);
        if (answer != HEARTH_OK && SINK_MAY_END)
            return FAIL(op, answer, "the host has seen enough");
    }
    return HEARTH_OK;
}

/* The PIN and the touch, or what is missing. */
static hearth_status need_person(hearth_op* op, const char** pin, size_t* size) {
    const hearth_host_secrets* service = secrets_service();
    if ((service->permissions(op) & HEARTH_PERMIT_USER_PRESENCE) == 0)
        return FAIL(op, HEARTH_E_NEED_PRESENCE, "somebody has to touch the token");
    const hearth_secret* first = service->at(op, HEARTH_SECRET_PIN, 0);
    if (first == NULL && PIN_IS_NEEDED) return FAIL(op, HEARTH_E_NEED_PIN, "the token has a PIN");
    *size = 0;
    *pin = first == NULL ? "" : (const char*)service->data(first, size);
    WITH_PIN;
    return HEARTH_OK;
}

/* A checksum of no worth, with other bytes for every salt. */
static hearth_status derive(hearth_op* op, const char* salt, const char* pin, size_t size,
                            hearth_secret** raw) {
    *raw = secrets_service()->create(op, SECRET_SIZE);
    if (*raw == NULL) return WITHOUT_MEMORY;
    size_t room = 0;
    unsigned char* out = (unsigned char*)secrets_service()->data(*raw, &room);
    uint64_t sum = UINT64_C(1469598103934665603);
    for (size_t i = 0; i < SECRET_SIZE; ++i) {
        for (size_t j = 0; j < SALT_DIGITS; ++j)
            sum = (sum ^ (unsigned char)salt[j]) * UINT64_C(1099511628211);
        for (size_t j = 0; j < size; ++j)
            sum = (sum ^ (unsigned char)pin[j]) * UINT64_C(1099511628211);
        out[i] = (unsigned char)(sum >> 32);
    }
    return HEARTH_OK;
}

static hearth_status enroll(hearth_op* op, const hearth_record* record, const char* device_id,
                            hearth_flags flags, hearth_bytes_sink sink, void* context,
                            hearth_secret** raw) {
    (void)record;
    (void)flags;
    const char* pin = NULL;
    size_t size = 0;
    if (strncmp(device_id, "soft:", 5) != 0)
        return FAIL(op, HEARTH_E_NEED_TOKEN, "it is not there");
    const hearth_status status = need_person(op, &pin, &size);
    if (status != HEARTH_OK) return status;
    unsigned char salt[SALT_DIGITS / 2];
    if (getrandom(salt, sizeof salt, 0) != (ssize_t)sizeof salt)
        return FAIL(op, HEARTH_E_IO, "there are no random numbers");
    char entry[100] = "{\"softSalt\":\"";
    for (size_t i = 0; i < sizeof salt; ++i) sprintf(entry + 13 + 2 * i, "%02x", salt[i]);
    strcat(entry, "\"}");
    const hearth_status derived = derive(op, entry + 13, pin, size, raw);
    if (derived != HEARTH_OK) return derived;
    const hearth_bytes bytes = {entry, strlen(entry)};
    const hearth_status taken = sink(context, &bytes);
    if (taken == HEARTH_OK) return HEARTH_OK;
    secrets_service()->release(*raw);
    *raw = NULL;
    return FAIL(op, taken, "the host did not take the entry");
}

/* The digits in an entry of ours, or NULL. */
static const char* salt_of(const char* entry) {
    const char* at = strncmp(entry, "{\"softSalt\":\"", 13) == 0 ? entry + 13 : NULL;
    if (at == NULL || strspn(at, "0123456789abcdef") != SALT_DIGITS) return NULL;
    return strcmp(at + SALT_DIGITS, "\"}") == 0 ? at : NULL;
}

/* Waits for a moment for somebody who has yet to put the token in. */
static hearth_status without_token(hearth_op* op) {
    struct pollfd cancelled = {host->cancel_fd(op), POLLIN, 0};
    if (poll(&cancelled, LISTENS, 20) > 0)
        return FAIL(op, HEARTH_E_CANCELLED, "cancelled while waiting for the token");
    return FAIL(op, CODE_WITHOUT_TOKEN, "none of the entries is of a token that is there");
}

static hearth_status acquire(hearth_op* op, const hearth_record* record, const char* const* entries,
                             size_t count, size_t* which, hearth_secret** raw) {
    (void)record;
    const char* salt = NULL;
    IN_ACQUIRE;
    for (size_t i = 0; i < count && salt == NULL; ++i) {
        salt = salt_of(entries[i]);
        *which = i;
    }
    if (salt == NULL) return without_token(op);
    const char* pin = NULL;
    size_t size = 0;
    const hearth_status status = need_person(op, &pin, &size);
    if (status != HEARTH_OK) return status;
    const hearth_status derived = derive(op, salt, pin, size, raw);
    if (derived == HEARTH_OK) {
        WHEN_ACQUIRED;
    }
    return derived;
}

static const hearth_auth auth = {sizeof(hearth_auth),
                                 0,
                                 HEARTH_PLUGIN_AUTH,
                                 HEARTH_PLUGIN_AUTH_ARRAY,
                                 list_devices,
                                 enroll,
                                 acquire};
static const hearth_auth* const auths[] = {&auth, NULL};
static const hearth_plugin plugin = {sizeof(hearth_plugin),
                                     HEARTH_ABI_MAJOR,
                                     HEARTH_ABI_MINOR,
                                     0,
                                     HEARTH_PLUGIN_ID,
                                     HEARTH_PLUGIN_VERSION,
                                     NULL,
                                     auths};

hearth_status hearth_plugin_entry_0(const hearth_host* given, const hearth_plugin** out) {
    if (given->abi_major != HEARTH_ABI_MAJOR || given->abi_minor != HEARTH_ABI_MINOR)
        return HEARTH_E_NOT_SUPPORTED;
    host = given;
    *out = &plugin;
    return HEARTH_OK;
}
