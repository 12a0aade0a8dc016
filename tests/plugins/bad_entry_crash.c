/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Crashes in its entry function. */
#include <signal.h>
#define WHEN_ENTERED raise(SIGSEGV)
#include "well_behaved.h"
