// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homectl/many/password_list.hpp"

#include <algorithm>
#include <cstring>

#include "hosts/homectl/options/file_text.hpp"

namespace hearth::homectl {

namespace {

/// The line itself may be a password, and is not shown.
Error bad_line(std::size_t number, std::string why) {
    return Error(Code::invalid_argument, "password-list",
                 "Line " + std::to_string(number) + " of --passwords makes no sense.")
        .why(std::move(why))
        .hint("Write USER:PASSWORD on each line, as for chpasswd(8).");
}

}  // namespace

Result<PasswordList> PasswordList::read(const std::string& path) {
    HEARTH_TRY(text, read_text_file(path, "passwords"));
    auto list = parse(text);
    ::explicit_bzero(text.data(), text.size());
    return list;
}

Result<PasswordList> PasswordList::parse(std::string_view text) {
    PasswordList list;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        if (end > 0) HEARTH_CHECK(list.add(text.substr(0, end), number));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return list;
}

Result<void> PasswordList::add(std::string_view line, std::size_t number) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return bad_line(number, "It names no user.");
    if (colon + 1 == line.size()) return bad_line(number, "It has no password.");
    if (line.find('\0') != std::string_view::npos)
        return bad_line(number, "It has a character that no password can have.");
    HEARTH_TRY(password, secret::Secret::copy_of(line.substr(colon + 1)));
    if (!passwords_.emplace(line.substr(0, colon), std::move(password)).second)
        return bad_line(number, "Its user had a password before.");
    return ok();
}

const secret::Secret* PasswordList::find(const std::string& user) const {
    const auto found = passwords_.find(user);
    return found == passwords_.end() ? nullptr : &found->second;
}

}  // namespace hearth::homectl
