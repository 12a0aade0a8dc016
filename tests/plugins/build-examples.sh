#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# build-examples.sh PREFIX BUILD_FOLDER: builds the examples against the Hearth installed in PREFIX, outside the tree, and
# installs them there. Prints the files it installed.
set -eu
[ $# -eq 2 ] || { echo "usage: $0 PREFIX BUILD_FOLDER" >&2; exit 2; }
prefix=$1 build=$2
examples=$(cd "$(dirname "$0")/../../examples" && pwd)

for example in minimal-c minimal-cpp; do
    # A copy, so that nothing of the tree around it can be found by accident.
    rm -rf "${build:?}/$example"
    mkdir -p "$build/$example"
    cp -R "$examples/$example" "$build/$example/source"
    cmake -S "$build/$example/source" -B "$build/$example/build" -DCMAKE_BUILD_TYPE=RelWithDebInfo \
        -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_INSTALL_PREFIX="$prefix" >"$build/$example/log" 2>&1 &&
        cmake --build "$build/$example/build" >>"$build/$example/log" 2>&1 &&
        cmake --install "$build/$example/build" >>"$build/$example/log" 2>&1 || {
        cat "$build/$example/log" >&2
        echo "building $example failed" >&2
        exit 1
    }
    cat "$build/$example/build/install_manifest.txt"
    echo
done
