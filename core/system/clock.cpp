// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/clock.hpp"

#include <ctime>

namespace hearth::system {

namespace {

std::uint64_t usec_of(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000 +
           static_cast<std::uint64_t>(now.tv_nsec) / 1'000;
}

}  // namespace

std::uint64_t now_usec() {
    return usec_of(CLOCK_REALTIME);
}

std::uint64_t monotonic_usec() {
    return usec_of(CLOCK_MONOTONIC);
}

}  // namespace hearth::system
