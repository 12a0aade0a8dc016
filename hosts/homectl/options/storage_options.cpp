// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>

#include "hosts/homectl/options/kinds.hpp"

namespace hearth::homectl {

namespace {

constexpr std::array kTable = {
    Option{.name = "storage",
           .kind = &kStorage,
           .field = "storage",
           .section = Section::this_machine,
           .group = Group::storage,
           .help = "What stores the home; an encrypted image if possible"},
    Option{.name = "image-path",
           .kind = &kPath,
           .field = "imagePath",
           .section = Section::this_machine,
           .group = Group::storage,
           .help = "The image: a file, folder or device"},
    Option{.name = "disk-size",
           .kind = &kDiskSize,
           .field = "diskSize",
           .section = Section::this_machine,
           .group = Group::storage,
           .help = "How much the home may hold"},
    Option{.name = "fs-type",
           .kind = &kFileSystem,
           .field = "fileSystemType",
           .section = Section::this_machine,
           .group = Group::storage,
           .help = "The file system in the image"},
    Option{.name = "drop-caches",
           .kind = &kBool,
           .field = "dropCaches",
           .group = Group::storage,
           .help = "Drop the kernel's caches at logout"},
    Option{.name = "auto-resize-mode",
           .kind = &kResizeMode,
           .field = "autoResizeMode",
           .group = Group::storage,
           .help = "Whether to resize the image at login and logout"},
    Option{.name = "rebalance-weight",
           .kind = &kRebalance,
           .field = "rebalanceWeight",
           .group = Group::storage,
           .help = "The share when homes divide the disk among them"},
    Option{.name = "nosuid",
           .kind = &kBool,
           .field = "mountNoSuid",
           .group = Group::mount,
           .help = "Ignore set-user-ID bits in the home"},
    Option{.name = "nodev",
           .kind = &kBool,
           .field = "mountNoDevices",
           .group = Group::mount,
           .help = "Ignore device nodes in the home"},
    Option{.name = "noexec",
           .kind = &kBool,
           .field = "mountNoExecute",
           .group = Group::mount,
           .help = "Refuse to run programs in the home"},
    Option{.name = "cifs-domain",
           .kind = &kText,
           .field = "cifsDomain",
           .group = Group::cifs,
           .help = "The domain of the CIFS account"},
    Option{.name = "cifs-user-name",
           .kind = &kText,
           .field = "cifsUserName",
           .group = Group::cifs,
           .help = "The user name of the CIFS account"},
    Option{.name = "cifs-service",
           .kind = &kCifsService,
           .field = "cifsService",
           .group = Group::cifs,
           .help = "The CIFS share with the home"},
    Option{.name = "cifs-extra-mount-options",
           .kind = &kText,
           .field = "cifsExtraMountOptions",
           .group = Group::cifs,
           .help = "More options for mounting the share"},
};

}  // namespace

std::span<const Option> storage_options() {
    return kTable;
}

}  // namespace hearth::homectl
