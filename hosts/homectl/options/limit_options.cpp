// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>

#include "hosts/homectl/options/kinds.hpp"

namespace hearth::homectl {

namespace {

constexpr std::array kTable = {
    Option{.name = "nice",
           .kind = &kNice,
           .field = "niceLevel",
           .group = Group::limits,
           .help = "The nice level of sessions"},
    Option{.name = "rlimit",
           .kind = &kResourceLimit,
           .field = "resourceLimits",
           .section = Section::this_machine,
           .fixed = true,
           .group = Group::limits,
           .help = "A resource limit of sessions; may be repeated"},
    Option{.name = "tasks-max",
           .kind = &kNumber64,
           .field = "tasksMax",
           .group = Group::limits,
           .help = "How many tasks the user may have"},
    Option{.name = "memory-high",
           .kind = &kSize,
           .field = "memoryHigh",
           .section = Section::this_machine,
           .group = Group::limits,
           .help = "The memory from which on the user is slowed down"},
    Option{.name = "memory-max",
           .kind = &kSize,
           .field = "memoryMax",
           .section = Section::this_machine,
           .group = Group::limits,
           .help = "The memory that the user may have at most"},
    Option{.name = "cpu-weight",
           .kind = &kWeight,
           .field = "cpuWeight",
           .group = Group::limits,
           .help = "The share of the processors"},
    Option{.name = "io-weight",
           .kind = &kWeight,
           .field = "ioWeight",
           .group = Group::limits,
           .help = "The share of the disks"},
    Option{.name = "tmp-limit",
           .kind = &kMemoryLimit,
           .field = "tmpLimit",
           .group = Group::limits,
           .help = "How much the user may store in /tmp"},
    Option{.name = "dev-shm-limit",
           .kind = &kMemoryLimit,
           .field = "devShmLimit",
           .group = Group::limits,
           .help = "How much the user may store in /dev/shm"},
};

}  // namespace

std::span<const Option> limit_options() {
    return kTable;
}

}  // namespace hearth::homectl
