# SPDX-License-Identifier: LGPL-2.1-or-later
hc help
hc list --help
hc help with
hc --json=help
hc --export-format=help
