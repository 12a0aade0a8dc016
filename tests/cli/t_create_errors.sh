# SPDX-License-Identifier: LGPL-2.1-or-later
hc create
hc create ../etc
hc create root
hc create larry
hc create moe --storage=no-such-storage
hc create moe
echo '{"userName":"moe","userName":"moe"}' >"$root/twice.json"
hc create moe --identity=twice.json
echo '{"userName":"curly"}' >"$root/curly.json"
hc create moe --identity=curly.json
hc update larry
hc update larry --storage=luks
hc update larry --location=here
hc activate nobody-here
hc with larry -- true
