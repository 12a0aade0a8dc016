/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cuts long headers. */
#define IN_HEADER_LOAD \
    if (bytes.len > 4096) bytes.len = 4096
#include "whole.h"
