/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A kind of token for tests. A token is a file in /run/file-tokens with one line:
 *     SEED PIN TRIES WISH CODE
 * PIN "-": it has none. WISH: "touch", "verify", "path" or "-". CODE: what every use of it fails
 * with, or 0. Each use adds a line to NAME.log beside it: "pin ok", "pin wrong", "touch". */
#include <dirent.h>
#include <hearth/plugin.h>
#include <hearth_manifest.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define FOLDER "/run/file-tokens/"
#define SALT_DIGITS 32
#define SECRET_SIZE 32

struct token {
    char id[64];
    char seed[64];
    char pin[64];
    int tries;
    char wish[16];
    int code;
};

static const hearth_host* host;

static const hearth_host_secrets* secrets_service(void) {
    return (const hearth_host_secrets*)host->query(HEARTH_HOST_SECRETS);
}

static hearth_status fail(hearth_op* op, hearth_status code, const char* text) {
    return host->fail(op, code, 0, text);
}

static int read_token(const char* id, struct token* out) {
    char path[160];
    if (strlen(id) == 0 || strlen(id) >= sizeof out->id || strpbrk(id, "/.") != NULL) return 0;
    snprintf(path, sizeof path, FOLDER "%s", id);
    FILE* file = fopen(path, "re");
    if (file == NULL) return 0;
    strcpy(out->id, id);
    const int got = fscanf(file, "%63s %63s %d %15s %d", out->seed, out->pin, &out->tries,
                           out->wish, &out->code);
    fclose(file);
    return got == 5;
}

static void write_token(const struct token* token) {
    char path[160];
    snprintf(path, sizeof path, FOLDER "%s", token->id);
    FILE* file = fopen(path, "we");
    if (file == NULL) return;
    fprintf(file, "%s %s %d %s %d\n", token->seed, token->pin, token->tries, token->wish,
            token->code);
    fclose(file);
}

static void log_use(const struct token* token, const char* what) {
    char path[160];
    snprintf(path, sizeof path, FOLDER "%s.log", token->id);
    FILE* file = fopen(path, "ae");
    if (file == NULL) return;
    fprintf(file, "%s\n", what);
    fclose(file);
}

static hearth_status wrong_pin(hearth_op* op, struct token* token) {
    token->tries -= 1;
    write_token(token);
    log_use(token, "pin wrong");
    if (token->tries <= 0) return fail(op, HEARTH_E_PIN_LOCKED, "the PIN is locked now");
    if (token->tries == 1) return fail(op, HEARTH_E_BAD_PIN_ONE_LEFT, "the PIN is wrong");
    if (token->tries == 2) return fail(op, HEARTH_E_BAD_PIN_FEW_LEFT, "the PIN is wrong");
    return fail(op, HEARTH_E_BAD_PIN, "the PIN is wrong");
}

static hearth_status check_pin(hearth_op* op, struct token* token) {
    const hearth_host_secrets* service = secrets_service();
    if (strcmp(token->pin, "-") == 0) return HEARTH_OK;
    if (token->tries <= 0) return fail(op, HEARTH_E_PIN_LOCKED, "the PIN is locked");
    const hearth_secret* given = service->at(op, HEARTH_SECRET_PIN, 0);
    if (given == NULL) return fail(op, HEARTH_E_NEED_PIN, "the token has a PIN");
    size_t size = 0;
    const char* text = (const char*)service->data(given, &size);
    if (size != strlen(token->pin) || memcmp(text, token->pin, size) != 0)
        return wrong_pin(op, token);
    log_use(token, "pin ok");
    return HEARTH_OK;
}

static hearth_status check_wish(hearth_op* op, const struct token* token) {
    const hearth_flags granted = secrets_service()->permissions(op);
    if (strcmp(token->wish, "touch") == 0 && (granted & HEARTH_PERMIT_USER_PRESENCE) == 0)
        return fail(op, HEARTH_E_NEED_PRESENCE, "somebody has to touch the token");
    if (strcmp(token->wish, "verify") == 0 && (granted & HEARTH_PERMIT_USER_VERIFICATION) == 0)
        return fail(op, HEARTH_E_NEED_VERIFICATION, "the token has to know its owner");
    if (strcmp(token->wish, "path") == 0 && (granted & HEARTH_PERMIT_PROTECTED_PATH) == 0)
        return fail(op, HEARTH_E_NEED_PROTECTED_PATH, "the PIN is typed on the token");
    return HEARTH_OK;
}

/* Everything that a person does. */
static hearth_status use(hearth_op* op, struct token* token) {
    if (token->code != 0) return fail(op, token->code, "the token was told to fail");
    const hearth_status wished = check_wish(op, token);
    if (wished != HEARTH_OK) return wished;
    const hearth_status checked = check_pin(op, token);
    if (checked == HEARTH_OK && strcmp(token->wish, "-") != 0) log_use(token, "touch");
    return checked;
}

static hearth_status derive(hearth_op* op, const char* salt, const char* seed,
                            hearth_secret** raw) {
    *raw = secrets_service()->create(op, SECRET_SIZE);
    if (*raw == NULL) return fail(op, HEARTH_E_NO_MEMORY, "there is no memory for the secret");
    size_t room = 0;
    unsigned char* out = (unsigned char*)secrets_service()->data(*raw, &room);
    uint64_t sum = UINT64_C(1469598103934665603);
    for (size_t i = 0; i < SECRET_SIZE; ++i) {
        for (size_t j = 0; j < SALT_DIGITS; ++j)
            sum = (sum ^ (unsigned char)salt[j]) * UINT64_C(1099511628211);
        for (size_t j = 0; seed[j] != 0; ++j)
            sum = (sum ^ (unsigned char)seed[j]) * UINT64_C(1099511628211);
        out[i] = (unsigned char)(sum >> 32);
    }
    return HEARTH_OK;
}

static hearth_status list_devices(hearth_op* op, hearth_device_sink sink, void* context) {
    DIR* folder = opendir(FOLDER);
    if (folder == NULL) return HEARTH_OK;
    hearth_status status = HEARTH_OK;
    for (struct dirent* at = readdir(folder); at != NULL && status == HEARTH_OK;
         at = readdir(folder)) {
        struct token token;
        if (!read_token(at->d_name, &token)) continue;
        hearth_device device;
        memset(&device, 0, sizeof device);
        device.struct_size = sizeof device;
        device.id = token.id;
        device.label = "A token that is a file";
        device.vendor = "Hearth";
        device.features = strcmp(token.pin, "-") == 0 ? 0 : HEARTH_DEVICE_PIN;
        status = sink(context, &device);
    }
    closedir(folder);
    return status == HEARTH_OK ? status : fail(op, status, "the host has seen enough");
}

static hearth_status enroll(hearth_op* op, const hearth_record* record, const char* device_id,
                            hearth_flags flags, hearth_bytes_sink sink, void* context,
                            hearth_secret** raw) {
    (void)record;
    (void)flags;
    struct token token;
    if (!read_token(device_id, &token)) return fail(op, HEARTH_E_NEED_TOKEN, "it is not there");
    const hearth_status used = use(op, &token);
    if (used != HEARTH_OK) return used;
    unsigned char salt[SALT_DIGITS / 2];
    if (getrandom(salt, sizeof salt, 0) != (ssize_t)sizeof salt)
        return fail(op, HEARTH_E_IO, "there are no random numbers");
    char digits[SALT_DIGITS + 1];
    for (size_t i = 0; i < sizeof salt; ++i) sprintf(digits + 2 * i, "%02x", salt[i]);
    char entry[200];
    snprintf(entry, sizeof entry, "{\"id\":\"%s\",\"salt\":\"%s\"}", token.id, digits);
    const hearth_status derived = derive(op, digits, token.seed, raw);
    if (derived != HEARTH_OK) return derived;
    const hearth_bytes bytes = {entry, strlen(entry)};
    const hearth_status taken = sink(context, &bytes);
    if (taken == HEARTH_OK) return HEARTH_OK;
    secrets_service()->release(*raw);
    *raw = NULL;
    return fail(op, taken, "the host did not take the entry");
}

static hearth_status acquire(hearth_op* op, const hearth_record* record, const char* const* entries,
                             size_t count, size_t* which, hearth_secret** raw) {
    (void)record;
    for (size_t i = 0; i < count; ++i) {
        char id[64];
        char salt[SALT_DIGITS + 1];
        struct token token;
        if (sscanf(entries[i], "{\"id\":\"%63[a-z0-9]\",\"salt\":\"%32[0-9a-f]\"}", id, salt) != 2)
            continue;
        if (!read_token(id, &token)) continue;
        const hearth_status used = use(op, &token);
        if (used != HEARTH_OK) return used;
        *which = i;
        return derive(op, salt, token.seed, raw);
    }
    return fail(op, HEARTH_E_NEED_TOKEN, "none of the tokens is there");
}

static const hearth_auth auth = {sizeof(hearth_auth), 0,      "file-token", "/privileged/fileToken",
                                 list_devices,        enroll, acquire};
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
