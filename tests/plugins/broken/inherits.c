/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A helper program would get the home's folder. */
#define WHEN_OPENED (void)fcntl(session->root, F_SETFD, 0)
#include "whole.h"
