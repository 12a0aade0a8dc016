// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <sys/mount.h>

#include <array>
#include <cerrno>

#include "file_system.hpp"

namespace hearth::luks {

namespace {

struct Default {
    std::string_view type;
    std::string_view options;
};
constexpr std::array<Default, 3> kDefaults{{
    {"ext4", "noquota,user_xattr"},
    {"xfs", "noquota"},
    {"btrfs", "compress=zstd:1,noacl,user_subvol_rm_allowed"},
}};

/// What the kernel takes as properties of a mount, not as parameters of a file system.
struct Property {
    std::string_view name;
    unsigned set;
};
constexpr std::array<Property, 8> kProperties{{
    {"relatime", MOUNT_ATTR_RELATIME},
    {"noatime", MOUNT_ATTR_NOATIME},
    {"strictatime", MOUNT_ATTR_STRICTATIME},
    {"nodiratime", MOUNT_ATTR_NODIRATIME},
    {"nosuid", MOUNT_ATTR_NOSUID},
    {"nodev", MOUNT_ATTR_NODEV},
    {"noexec", MOUNT_ATTR_NOEXEC},
    {"nosymfollow", MOUNT_ATTR_NOSYMFOLLOW},
}};

/// The kernel's last words about a file system that it does not mount.
std::string last_words(int context) {
    std::array<char, 512> text{};
    const ssize_t size = read(context, text.data(), text.size() - 1);
    if (size <= 2) return {};
    std::string out(text.data(), static_cast<std::size_t>(size));
    while (out.ends_with("\n")) out.pop_back();
    return ": " + out.substr(2);
}

sdk::Error refused(int context, int sys_errno, const std::string& what) {
    const std::string text = what + last_words(context);
    if (sys_errno == EINVAL) return {HEARTH_E_INVALID_ARGUMENT, text, sys_errno};
    if (sys_errno == EUCLEAN || sys_errno == EBADMSG) return {HEARTH_E_CORRUPT, text, sys_errno};
    return sdk::sys_error(sys_errno, text);
}

unsigned property_of(std::string_view option) {
    for (const Property& one : kProperties)
        if (one.name == option) return one.set;
    return 0;
}

sdk::Result<void> set_option(int context, const std::string& option) {
    const auto equals = option.find('=');
    const int done = equals == std::string::npos
                         ? fsconfig(context, FSCONFIG_SET_FLAG, option.c_str(), nullptr, 0)
                         : fsconfig(context, FSCONFIG_SET_STRING, option.substr(0, equals).c_str(),
                                    option.substr(equals + 1).c_str(), 0);
    if (done == 0) return sdk::ok();
    const int why = errno;
    return refused(context, why, "the mount option " + option + " is not accepted");
}

/// Options separated by commas; those that are properties go to `attributes`.
sdk::Result<void> set_options(int context, std::string_view list, unsigned& attributes) {
    while (!list.empty()) {
        const auto comma = list.find(',');
        const std::string_view option = list.substr(0, comma);
        list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
        if (option.empty()) continue;
        if (const unsigned property = property_of(option); property != 0) {
            attributes |= property;
        } else {
            HEARTH_SDK_CHECK(set_option(context, std::string(option)));
        }
    }
    return sdk::ok();
}

std::string options_for(const std::string& type, const Settings& settings, bool discard) {
    std::string out;
    for (const Default& one : kDefaults)
        if (one.type == type) out = one.options;
    out += discard ? ",discard" : ",nodiscard";
    if (!settings.extra_mount_options.empty()) out += "," + settings.extra_mount_options;
    return out;
}

}  // namespace

sdk::Result<sdk::UniqueFd> mount_file_system(const std::string& node, const std::string& type,
                                             const Settings& settings, bool discard) {
    const sdk::UniqueFd context(fsopen(type.c_str(), FSOPEN_CLOEXEC));
    if (!context)
        return sdk::Error(HEARTH_E_FSTYPE_UNSUPPORTED, "this kernel cannot mount " + type, errno);
    unsigned attributes = 0;
    HEARTH_SDK_CHECK(set_options(context.get(), options_for(type, settings, discard), attributes));
    if (fsconfig(context.get(), FSCONFIG_SET_STRING, "source", node.c_str(), 0) != 0 ||
        fsconfig(context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) != 0) {
        const int why = errno;
        return refused(context.get(), why, "the file system in the home cannot be mounted");
    }
    sdk::UniqueFd mount(fsmount(context.get(), FSMOUNT_CLOEXEC, attributes));
    if (mount) return mount;
    return sdk::sys_error(errno, "the file system in the home cannot be mounted");
}

}  // namespace hearth::luks
