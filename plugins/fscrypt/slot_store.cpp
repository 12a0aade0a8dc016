// SPDX-License-Identifier: LGPL-2.1-or-later
#include "slot_store.hpp"

#include <sys/xattr.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <optional>
#include <string_view>

#include "slot.hpp"

namespace hearth::fscrypt {

namespace {

constexpr std::string_view kPrefix = "trusted.fscrypt_slot";
/// The kernel's own limit on the names of one file's attributes.
constexpr std::size_t kMaxNames = 65536;

std::string name_of(std::uint32_t number) {
    return std::string(kPrefix) + std::to_string(number);
}

/// The number in the name of a slot; attributes of other names are none of ours.
std::optional<std::uint32_t> number_of(std::string_view name) {
    if (!name.starts_with(kPrefix)) return std::nullopt;
    std::uint32_t number = 0;
    const auto end = name.data() + name.size();
    const auto [stop, wrong] = std::from_chars(name.data() + kPrefix.size(), end, number);
    if (wrong != std::errc() || stop != end || name_of(number) != name) return std::nullopt;
    return number;
}

sdk::Result<std::string> names_on(int folder) {
    std::string names(kMaxNames, '\0');
    const ssize_t size = flistxattr(folder, names.data(), names.size());
    if (size < 0) return sdk::sys_error(errno, "the key slots of the home cannot be listed");
    names.resize(static_cast<std::size_t>(size));
    return names;
}

sdk::Result<std::vector<std::uint32_t>> numbers_on(int folder) {
    HEARTH_SDK_TRY(names, names_on(folder));
    std::vector<std::uint32_t> out;
    for (std::size_t at = 0; at < names.size();) {
        const std::string_view name(names.c_str() + at);
        if (const auto number = number_of(name)) out.push_back(*number);
        at += name.size() + 1;
    }
    std::sort(out.begin(), out.end());
    if (out.size() <= kMaxSlots) return out;
    return sdk::Error(HEARTH_E_CORRUPT, "the home has " + std::to_string(out.size()) +
                                            " key slots; no release makes more than " +
                                            std::to_string(kMaxSlots));
}

}  // namespace

sdk::Result<std::vector<StoredSlot>> read_slots(int folder) {
    HEARTH_SDK_TRY(numbers, numbers_on(folder));
    std::vector<StoredSlot> out;
    for (const std::uint32_t number : numbers) {
        std::array<char, kMaxSlotText> text{};
        const ssize_t size = fgetxattr(folder, name_of(number).c_str(), text.data(), text.size());
        if (size < 0 && errno == ERANGE)
            return sdk::Error(HEARTH_E_CORRUPT, "key slot " + std::to_string(number) +
                                                    " of the home is too long to be one");
        if (size < 0)
            return sdk::sys_error(errno, "key slot " + std::to_string(number) + " cannot be read");
        out.push_back({number, std::string(text.data(), static_cast<std::size_t>(size))});
    }
    return out;
}

sdk::Result<void> write_slot(int folder, const StoredSlot& slot) {
    if (fsetxattr(folder, name_of(slot.number).c_str(), slot.text.data(), slot.text.size(),
                  XATTR_CREATE) == 0)
        return sdk::ok();
    if (errno == ENOSPC || errno == ERANGE || errno == E2BIG)
        return sdk::Error(HEARTH_E_NO_SPACE,
                          "the folder has no room for another key slot: with fewer passwords it "
                          "would have",
                          errno);
    if (errno == EEXIST) return sdk::Error(HEARTH_E_HOME_EXISTS, "the key slot is taken", errno);
    return sdk::sys_error(errno, "a key slot cannot be written");
}

sdk::Result<void> remove_slot(int folder, std::uint32_t number) {
    if (fremovexattr(folder, name_of(number).c_str()) == 0 || errno == ENODATA) return sdk::ok();
    return sdk::sys_error(errno, "key slot " + std::to_string(number) + " cannot be removed");
}

}  // namespace hearth::fscrypt
