# SPDX-License-Identifier: LGPL-2.1-or-later
hc
mkdir "$root/home/larry.homedir"
hc list --no-legend
hc list --json=short
hc list --json=pretty
# One damaged record does not hide the others.
echo '{"userName":"moe","userName":"moe"}' >"$root/var/lib/systemd/home/moe.identity"
hc list
rm "$root"/var/lib/systemd/home/*
hc list
hc list -j
