# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# shellcheck disable=SC2154 # hearth_top and hearth_var come from setup.sh
# Sourced after setup.sh. hearth_build PRESET [CMAKE-OPTION...] configures, builds and installs into $hearth_prefix, a
# folder whose whole chain belongs to root: the trust checks for plugins hold in demos and tests too.

hearth_prefix_of() {
    printf '%s/%s/%s' "$hearth_var" "$(printf '%s' "$hearth_top" | sha256sum | cut -c1-12)" "$1"
}

hearth_logged() {
    local what=$1 log=$2 begin=$EPOCHREALTIME
    shift 2
    if ! "$@" >"$log" 2>&1 </dev/null; then
        grep -E -m 20 -A 5 ' error: |^FAILED|undefined reference|CMake Error' "$log" >&2 || tail -n 40 "$log" >&2
        die "$what failed; the whole output is in $log"
    fi
    say "$what: $(((${EPOCHREALTIME/./} - ${begin/./}) / 1000)) ms"
}

hearth_build() {
    local preset=$1 build="$hearth_top/build/$1" options
    shift
    options="$preset $* $(sha256sum "$hearth_top/CMakePresets.json" | cut -c1-12)"
    hearth_prefix=$(hearth_prefix_of "$preset")
    mkdir -p "$build" "$hearth_prefix"
    # Two scripts in one checkout take turns at building.
    exec {hearth_lock}>"$build/.lock"
    flock "$hearth_lock"
    if [ ! -e "$build/build.ninja" ] || [ "$(cat "$build/.options" 2>/dev/null)" != "$options" ]; then
        hearth_logged "configure ($preset)" "$build/configure.log" \
            cmake -S "$hearth_top" --preset "$preset" -DCMAKE_INSTALL_PREFIX="$hearth_prefix" "$@"
        printf '%s' "$options" >"$build/.options"
    fi
    hearth_logged "build ($preset)" "$build/build.log" cmake --build "$build"
    hearth_logged "install into $hearth_prefix" "$build/install.log" hearth_install "$build"
    exec {hearth_lock}>&-
}

# From scratch each time, so that a plugin that was renamed or dropped does not stay behind.
hearth_install() {
    rm -rf "$hearth_prefix.new"
    DESTDIR='' cmake --install "$1" --prefix "$hearth_prefix.new" || return
    rm -rf "$hearth_prefix"
    mv "$hearth_prefix.new" "$hearth_prefix"
}
