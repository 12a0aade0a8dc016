// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/output/style.hpp"
#include "hosts/homectl/verbs/verb.hpp"

namespace hearth::homectl {

Result<ExitStatus> run_metrics(Context& context) {
    HEARTH_TRY(text, context.homes().metrics());
    print(text);
    return 0;
}

}  // namespace hearth::homectl
