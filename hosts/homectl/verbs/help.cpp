// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/output/help.hpp"

#include "hosts/homectl/output/style.hpp"

namespace hearth::homectl {

Result<ExitStatus> run_help(Context& context) {
    if (context.arguments().empty()) {
        print(help_text(context.options));
        return 0;
    }
    HEARTH_TRY(verb, find_verb(context.arguments()[0]));
    print(verb_help_text(*verb, context.options));
    return 0;
}

}  // namespace hearth::homectl
