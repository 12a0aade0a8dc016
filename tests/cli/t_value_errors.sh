# SPDX-License-Identifier: LGPL-2.1-or-later
hc create moe --uid=999
hc create moe --shell=zsh
hc create moe --disk-size=much
hc create moe --rlimit=NOFILE=20:10
hc create moe --member-of='wheel,no good'
hc create moe --timezone=Mars/Base
hc create moe --not-after=someday
hc create moe --identity=/does/not/exist
hc create moe --location=$'\e[31mred'
hc --root=/does/not/exist list
