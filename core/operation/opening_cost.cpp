// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/operation/opening_cost.hpp"

#include <cstdio>
#include <ctime>

namespace hearth::operation {

namespace {

/// Five times what a key is made to cost.
constexpr double kDear = 2.5;

double processor_seconds() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

}  // namespace

OpeningCost::OpeningCost() : begin_(processor_seconds()) {}

void OpeningCost::warn_if_dear(Operation& op) const {
    const double taken = processor_seconds() - begin_;
    if (taken < kDear) return;
    char seconds[32];
    static_cast<void>(std::snprintf(seconds, sizeof seconds, "%.1f", taken));
    op.warn("The home of " + op.user() + " opens slowly here: its keys took " + seconds +
            " s to try. They may have been made for a faster machine; homectl passwd " + op.user() +
            " makes them for this one.");
}

}  // namespace hearth::operation
