// SPDX-License-Identifier: LGPL-2.1-or-later
// The system calls that can change what a home is: those that kill-at counts, and the seccomp
// filter that stops at them.
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <string>
#include <vector>

namespace hearth::test {

// What the argument `at` of a call tells about it in a report, and whether it makes the call count.
enum class Shows {
    nothing,       // always counts
    path,          // a path in the caller's memory; always counts
    descriptor,    // an fd; counts for files, folders, sockets and the devices that homes are made
                   // of, not for pipes, terminals, memfds and /proc
    creating,      // openat: flags are in the next argument; counts with O_CREAT
    creating_how,  // openat2: a struct open_how is in the next argument; counts with O_CREAT
};

struct StateCall {
    long number;
    const char* name;
    Shows shows;
    unsigned at;
};

// The call with that number, or nullptr if it changes nothing.
const StateCall* find_state_call(uint64_t number);

// A filter that hands every state-changing call to the tracer and lets the others pass at full
// speed.
std::vector<sock_filter> state_call_filter();

}  // namespace hearth::test
