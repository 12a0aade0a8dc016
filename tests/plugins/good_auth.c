/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Does nothing wrong with tokens. */
#include "broken/auth.h"
