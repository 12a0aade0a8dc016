/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Succeeds without a secret. */
#define WHEN_ACQUIRED (secrets_service()->release(*raw), *raw = NULL)
#include "auth.h"
