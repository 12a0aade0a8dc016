# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the suites share: running cases, private namespaces, homectl, the peer, and comparing trees."""
