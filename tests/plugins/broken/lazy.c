/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Is bound lazily, and its relocations stay writable: see CMakeLists.txt. */

#include "whole.h"
