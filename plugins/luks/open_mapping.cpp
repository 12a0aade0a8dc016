// SPDX-License-Identifier: LGPL-2.1-or-later
#include "open_mapping.hpp"

#include <fcntl.h>

#include <array>
#include <cerrno>
#include <charconv>

namespace hearth::luks {

namespace {

constexpr std::chrono::seconds kPatience{5};
constexpr std::uint32_t kWarning = 4;

sdk::Result<OpenMapping> open_node(const std::string& name) {
    HEARTH_SDK_TRY(found, find_mapping(name));
    if (!found) return sdk::Error(HEARTH_E_IO, "the mapping " + name + " is gone again");
    HEARTH_SDK_TRY(node, node_of(*found));
    sdk::UniqueFd fd(open(node.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK));
    if (!fd) return sdk::sys_error(errno, "the mapping " + name + " cannot be opened");
    HEARTH_SDK_CHECK(remove_when_closed(name));
    return OpenMapping{name, std::move(node), std::move(fd)};
}

}  // namespace

sdk::Result<OpenMapping> open_mapping(LuksVolume& volume, const std::string& name, sdk::Secret& key,
                                      bool discard) {
    HEARTH_SDK_CHECK(volume.activate(name, key, discard));
    auto opened = open_node(name);
    if (!opened) static_cast<void>(remove_when_closed(name));
    return opened;
}

void close_mapping(sdk::Op op, OpenMapping mapping) {
    mapping.fd.reset();
    const auto gone = wait_until_gone(mapping.name, kPatience);
    if (!gone) op.log(kWarning, gone.error().text());
    if (gone && !*gone)
        op.log(kWarning,
               "somebody looks into the mapping " + mapping.name + ": it goes when they have done");
}

std::string temporary_mapping(std::uint64_t op_id) {
    std::array<char, 16> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), op_id, 16).ptr;
    return "hearth-" + std::string(digits.begin(), end);
}

}  // namespace hearth::luks
