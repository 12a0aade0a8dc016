/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fails without a word. */
#define BEFORE_OPEN \
    if (!has_folder(medium.dir, medium.name)) return HEARTH_E_HOME_ABSENT
#include "whole.h"
