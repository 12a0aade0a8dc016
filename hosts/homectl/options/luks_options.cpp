// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>

#include "hosts/homectl/options/kinds.hpp"

namespace hearth::homectl {

namespace {

constexpr std::array kTable = {
    Option{.name = "luks-discard",
           .kind = &kBool,
           .field = "luksDiscard",
           .group = Group::luks,
           .help = "Give unused blocks back while the home is active"},
    Option{.name = "luks-offline-discard",
           .kind = &kBool,
           .field = "luksOfflineDiscard",
           .group = Group::luks,
           .help = "Give unused blocks back at logout"},
    Option{.name = "luks-cipher",
           .kind = &kText,
           .field = "luksCipher",
           .group = Group::luks,
           .help = "The cipher"},
    Option{.name = "luks-cipher-mode",
           .kind = &kText,
           .field = "luksCipherMode",
           .group = Group::luks,
           .help = "The mode of the cipher"},
    Option{.name = "luks-volume-key-size",
           .kind = &kNumber64,
           .field = "luksVolumeKeySize",
           .group = Group::luks,
           .help = "The size of the volume key, in bytes"},
    Option{.name = "luks-pbkdf-type",
           .kind = &kText,
           .field = "luksPbkdfType",
           .group = Group::luks,
           .help = "How keys are derived from passwords"},
    Option{.name = "luks-pbkdf-hash-algorithm",
           .kind = &kText,
           .field = "luksPbkdfHashAlgorithm",
           .group = Group::luks,
           .help = "The hash of the derivation"},
    Option{.name = "luks-pbkdf-force-iterations",
           .kind = &kNumber32,
           .field = "luksPbkdfForceIterations",
           .group = Group::luks,
           .help = "The number of iterations, without a benchmark",
           .hidden = true},
    Option{.name = "luks-pbkdf-time-cost",
           .kind = &kSpan,
           .field = "luksPbkdfTimeCostUSec",
           .group = Group::luks,
           .help = "The time that the derivation takes"},
    Option{.name = "luks-pbkdf-memory-cost",
           .kind = &kSize,
           .field = "luksPbkdfMemoryCost",
           .section = Section::this_machine,
           .group = Group::luks,
           .help = "The memory that the derivation takes"},
    Option{.name = "luks-pbkdf-parallel-threads",
           .kind = &kNumber32,
           .field = "luksPbkdfParallelThreads",
           .group = Group::luks,
           .help = "The threads that the derivation uses"},
    Option{.name = "luks-sector-size",
           .kind = &kSectorSize,
           .field = "luksSectorSize",
           .group = Group::luks,
           .help = "The sector size of the encryption"},
    Option{.name = "luks-extra-mount-options",
           .kind = &kText,
           .field = "luksExtraMountOptions",
           .group = Group::luks,
           .help = "More options for mounting the image"},
};

}  // namespace

std::span<const Option> luks_options() {
    return kTable;
}

}  // namespace hearth::homectl
