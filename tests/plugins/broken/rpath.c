/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looks for libraries in a folder of its own: see CMakeLists.txt. */

#include "whole.h"
