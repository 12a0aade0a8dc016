#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# check-links.sh FILE.so...: each plugin exports its entry function and nothing else, needs nothing of Hearth's own code,
# carries its note, and is hardened.
set -u
failed=0
complain() {
    echo "$1: $2" >&2
    failed=1
}

for file; do
    [ -f "$file" ] || { complain "$file" "is not built"; continue; }
    exported=$(nm -D --defined-only "$file" | awk '{ print $NF }')
    [ "$exported" = hearth_plugin_entry_0 ] || complain "$file" "exports: $exported"
    # Whatever it lacks comes from a library: nothing of Hearth's core, be it C or (mangled) C++.
    foreign=$(nm -D --undefined-only "$file" | awk '{ print $NF }' | grep -E '^hearth_|^_Z.*6hearth')
    [ -z "$foreign" ] || complain "$file" "needs of the host: $foreign"
    # Take the texts first: a reader that leaves early would end readelf with an error.
    dynamic=$(readelf -dW "$file") segments=$(readelf -lW "$file") notes=$(readelf -SW "$file")
    case $notes in *.note.hearth.plugin*NOTE*) ;; *) complain "$file" "carries no manifest" ;; esac
    case $dynamic in *BIND_NOW*) ;; *) complain "$file" "is not bound at once" ;; esac
    case $dynamic in *RPATH* | *RUNPATH*) complain "$file" "has a search path of its own" ;; esac
    case $dynamic in *libhearth*) complain "$file" "is linked with a library of Hearth" ;; esac
    case $segments in *GNU_RELRO*) ;; *) complain "$file" "has a writable relocation table" ;; esac
    echo "$segments" | grep -q 'GNU_STACK.* RWE ' && complain "$file" "has an executable stack"
done
[ $# -gt 0 ] || complain "check-links" "no plugins were given"
exit $failed
