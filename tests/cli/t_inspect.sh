# SPDX-License-Identifier: LGPL-2.1-or-later
hc inspect larry
hc inspect 60500 nobody-here
hc inspect --json=pretty larry
hc inspect -E larry
hc inspect -EE yuki
