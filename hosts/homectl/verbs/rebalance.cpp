// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/output/report.hpp"
#include "hosts/homectl/run/success.hpp"
#include "hosts/homectl/verbs/verb.hpp"

namespace hearth::homectl {

/// That there was nothing to do is no failure.
Result<ExitStatus> run_rebalance(Context& context) {
    const auto done = context.homes().rebalance();
    if (!done && done.error().id() != "rebalance-needless") return done.error();
    if (done)
        say_done("Divided the disk among the open homes.");
    else
        notice(done.error().what());
    return 0;
}

}  // namespace hearth::homectl
