// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/verbs/own_user.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>

#include "hosts/homectl/options/units.hpp"

namespace hearth::homectl {

namespace {

/// sudo says whom it works for. That is a default for an argument, not a permission: the caller is
/// root here anyway.
uid_t calling_uid() {
    const char* const sudo = getenv("SUDO_UID");
    const auto uid = sudo == nullptr ? std::nullopt : parse_unsigned(sudo);
    return getuid() == 0 && uid ? static_cast<uid_t>(*uid) : getuid();
}

}  // namespace

Result<std::string> own_user() {
    const uid_t uid = calling_uid();
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 4096> buffer{};
    if (getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr)
        return std::string(entry.pw_name);
    // The home of a user whom only Hearth knows is found by number.
    if (uid != 0) return std::to_string(uid);
    return Error(Code::invalid_argument, "own-user-unknown", "It is not known whose home is meant.")
        .hint("Name the user.");
}

Result<std::vector<std::string>> users_or_own(const Context& context) {
    if (!context.arguments().empty()) return context.arguments();
    HEARTH_TRY(user, own_user());
    return std::vector<std::string>{user};
}

}  // namespace hearth::homectl
