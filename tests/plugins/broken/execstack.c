/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Wants an executable stack: see CMakeLists.txt. */

#include "whole.h"
