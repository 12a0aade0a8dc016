/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exports nothing that a host looks for. */
#define hearth_plugin_entry_0 not_the_entry
#include "well_behaved.h"
