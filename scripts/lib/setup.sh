# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Sourced by the scripts beside this folder. hearth_setup GROUP... installs the groups' packages of scripts/packages that
# are missing; with none missing it takes a fraction of a second and says nothing.

hearth_top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# Everything that must lie below root-owned folders (plugins are not loaded from anywhere else) or outlive a checkout.
hearth_var=/var/lib/hearth-dev

say() { printf '%s: %s\n' "${0##*/}" "$*"; }
die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

hearth_missing_packages() {
    local groups=" $* " wanted installed
    wanted=$(awk -v groups="$groups" '!/^#/ && NF == 2 && index(groups, " " $1 " ") { print $2 }' "$hearth_top/scripts/packages" | sort -u)
    # shellcheck disable=SC2086 # one word per package
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null | awk '$1 == "installed" { print $2 }' | sort -u)
    comm -23 <(printf '%s\n' "$wanted") <(printf '%s\n' "$installed")
}

hearth_setup() {
    [ "$(id -u)" = 0 ] || die "run this as root: it mounts home directories and installs packages"
    command -v dpkg-query >/dev/null || die "this script sets itself up on Debian 12 only; install what scripts/packages lists by hand elsewhere"
    umask 022
    install -d -m 755 "$hearth_var"
    hearth_install_packages "$@" || die "apt-get could not install these packages; the whole output is in $hearth_var/setup.log"
}

hearth_setup_if_possible() {
    hearth_install_packages "$@" || say "going on without what these packages are for"
}

hearth_install_packages() {
    local missing log="$hearth_var/setup.log"
    missing=$(hearth_missing_packages "$@")
    [ -n "$missing" ] || return 0
    say "installing with apt-get: $(tr '\n' ' ' <<<"$missing")"
    apt-get update >"$log" 2>&1 || say "apt-get update failed (no network?); trying with the package lists that are here"
    # shellcheck disable=SC2086
    if ! DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends \
            $missing >>"$log" 2>&1 </dev/null; then
        tail -n 20 "$log" >&2
        return 1
    fi
}
