/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Says of a token that is not there what is said of homes. */
#define CODE_WITHOUT_TOKEN HEARTH_E_HOME_ABSENT
#include "auth.h"
