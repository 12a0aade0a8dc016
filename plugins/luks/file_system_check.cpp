// SPDX-License-Identifier: LGPL-2.1-or-later
#include "file_system.hpp"

namespace hearth::luks {

namespace {

constexpr int kReboot = 2;
constexpr int kUncorrected = 4;
constexpr std::uint32_t kWarning = 4;

sdk::Result<void> check_ext4(sdk::Op op, const std::string& node) {
    op.progress(0, 0, "checking the file system");
    sdk::Command command;
    command.argv = {"e2fsck", "-p", node};
    HEARTH_SDK_TRY(status, sdk::run(op, command));
    // From 8 on it could not do its work at all: the kernel then says what is wrong.
    if ((status & (kReboot | kUncorrected)) == 0 || status >= 8) return sdk::ok();
    return sdk::Error(HEARTH_E_CORRUPT,
                      "the file system in the home needs a repair that has to be decided about: "
                      "make a copy of the image, then run e2fsck on it");
}

}  // namespace

sdk::Result<void> check_file_system(sdk::Op op, const std::string& node, const std::string& type) {
    // The others repair what a crash leaves when they are mounted.
    if (type != "ext4") return sdk::ok();
    auto checked = check_ext4(op, node);
    if (checked || checked.error().code() != HEARTH_E_BACKEND_UNAVAILABLE) return checked;
    op.log(kWarning, "e2fsck is not installed, so the file system of the home is not checked");
    return sdk::ok();
}

}  // namespace hearth::luks
