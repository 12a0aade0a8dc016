/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Waits for its token whatever the person says meanwhile. */
#define LISTENS 0
#include "auth.h"
