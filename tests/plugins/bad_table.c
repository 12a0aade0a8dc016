/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The code gives another id than the note. */
#define TABLE_ID "org.example.somebody-else"
#include "well_behaved.h"
