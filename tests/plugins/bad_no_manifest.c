/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Built without a note. */
#define HEARTH_PLUGIN_ID "org.example.bad-no-manifest"
#define HEARTH_PLUGIN_VERSION "1.0.0"
#define HEARTH_PLUGIN_STORAGE "bad-no-manifest"
#include "well_behaved.h"
