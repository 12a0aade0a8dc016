/* SPDX-License-Identifier: MIT */
/* The one symbol that a plugin exports, and the manifest it carries.
 *
 * The manifest (plugin.json) is embedded as an ELF note by hearth_add_plugin() of the CMake
 * package, so that a host can read it without running any code of the plugin. Note and tables must
 * agree, or the plugin is refused. */
#ifndef HEARTH_PLUGIN_H
#define HEARTH_PLUGIN_H

#include "auth.h"
#include "host.h"
#include "host_keyring.h"
#include "host_place.h"
#include "host_record.h"
#include "host_run.h"
#include "host_secrets.h"
#include "storage.h"

typedef struct hearth_plugin {
    uint32_t struct_size;
    uint32_t abi_major;
    uint32_t abi_minor;
    uint32_t reserved;
    const char* id;                       /* "org.acme.vault", as in the manifest */
    const char* version;                  /* as in the manifest */
    const hearth_storage* const* storage; /* NULL-terminated, or NULL */
    const hearth_auth* const* auth;       /* NULL-terminated, or NULL */
} hearth_plugin;

#define HEARTH_ENTRY_SYMBOL "hearth_plugin_entry_0"
#define HEARTH_NOTE_OWNER "HEARTH"
#define HEARTH_NOTE_TYPE UINT32_C(0x48580000)
#define HEARTH_NOTE_MAX 16384u

#ifdef __cplusplus
extern "C" {
#endif

/* [worker][client] Fills *out with tables that live as long as the process; called again, it gives
 * the same ones. It starts no thread, opens no file, changes nothing of the process. Anything but
 * HEARTH_OK refuses to load. HEARTH_E_NOT_SUPPORTED: another ABI. */
HEARTH_EXPORT hearth_status hearth_plugin_entry_0(const hearth_host* host,
                                                  const hearth_plugin** out);

#ifdef __cplusplus
}
#endif

#endif
