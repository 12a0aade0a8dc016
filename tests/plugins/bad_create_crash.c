/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Crashes in create(). */
#include <signal.h>
#define WHEN_CREATING raise(SIGSEGV)
#include "well_behaved.h"
