/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shows the next device to a host that has seen enough. */
#define SINK_MAY_END 0
#include "auth.h"
