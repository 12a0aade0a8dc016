#!/bin/sh
# SPDX-License-Identifier: MIT
# layout.sh PROGRAM BASELINE HEADERS: what PROGRAM prints is the baseline, and it knows every member of every struct.
set -eu
program=$1 baseline=$2 headers=$3
"$program" | diff -u "$baseline" -

# Members are the declarations inside structs that end in a semicolon; comments may hold anything and go first.
declared=$(cat "$headers"/*.h | sed "s,/[*].*[*]/,," | awk '
  /\/\*/ { comment = 1 }
  !comment && /^typedef struct [a-z_]+ \{/ { inside = 1; next }
  !comment && inside && /^}/ { inside = 0 }
  !comment && inside && /;/ { count += gsub(/;/, ";") }
  /\*\// { comment = 0 }
  END { print count }')
known=$("$program" | grep -c '^  ')
if [ "$declared" != "$known" ]; then
    echo "the headers declare $declared members, the layout test knows $known: add the new ones to layout.inc" >&2
    exit 1
fi
