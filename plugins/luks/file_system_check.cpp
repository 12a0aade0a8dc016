// SPDX-License-Identifier: LGPL-2.1-or-later
#include "file_system.hpp"

namespace hearth::luks {

namespace {

constexpr int kReboot = 2;
constexpr int kUncorrected = 4;
constexpr std::uint32_t kWarning = 4;

sdk::Error undecided() {
    return {HEARTH_E_CORRUPT,
            "the file system in the home needs a repair that has to be decided about: make a copy "
            "of the image, then run homectl repair"};
}

sdk::Error beyond_repair() {
    return {HEARTH_E_CORRUPT, "the file system in the home cannot be repaired"};
}

/// `how`: what e2fsck is told to do with what it finds.
sdk::Result<void> run_e2fsck(sdk::Op op, const std::string& node, const char* how,
                             sdk::Error (*failure)()) {
    op.progress(0, 0, "checking the file system");
    sdk::Command command;
    command.argv = {"e2fsck", how, node};
    HEARTH_SDK_TRY(status, sdk::run(op, command));
    // From 8 on it could not do its work at all: the kernel then says what is wrong.
    if ((status & (kReboot | kUncorrected)) == 0 || status >= 8) return sdk::ok();
    return failure();
}

}  // namespace

sdk::Result<void> check_file_system(sdk::Op op, const std::string& node, const std::string& type) {
    // The others repair what a crash leaves when they are mounted.
    if (type != "ext4") return sdk::ok();
    auto checked = run_e2fsck(op, node, "-p", undecided);
    if (checked || checked.error().code() != HEARTH_E_BACKEND_UNAVAILABLE) return checked;
    op.log(kWarning, "e2fsck is not installed, so the file system of the home is not checked");
    return sdk::ok();
}

sdk::Result<void> repair_file_system(sdk::Op op, const std::string& node, const std::string& type) {
    if (type == "ext4") return run_e2fsck(op, node, "-fy", beyond_repair);
    op.log(kWarning, "the file system of the home, " + type + ", repairs itself as far as it can");
    return sdk::ok();
}

}  // namespace hearth::luks
