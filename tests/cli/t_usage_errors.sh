# SPDX-License-Identifier: LGPL-2.1-or-later
hc new larry
hc activte larry
hc frobnicate
hc resize larry 5X
hc firstboot
hc register
hc activate
hc list too much
hc passwd larry --shell=/bin/sh
hc --versoin
hc create moe --luks=1
hc create moe --uid
hc create moe -Z
hc inspect -EEE larry
hc -H host list
hc create moe --fido2-device=auto
