/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Does not say why it fails. */
#define FAIL(op, code, text) ((void)(op), (code))
#include "auth.h"
