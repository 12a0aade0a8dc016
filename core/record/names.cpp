// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/names.hpp"

#include <algorithm>
#include <string>

#include "core/record/text_check.hpp"
#include "core/record/utf8.hpp"

namespace hearth::record {

namespace {

constexpr std::size_t kLongestManaged = 31;
constexpr std::size_t kLongestRelaxed = 255;
constexpr std::size_t kLongestRealm = 253;
constexpr std::size_t kLongestLabel = 63;

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool all_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), is_digit);
}
bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

/// The name for a message: what would garble a terminal is left out.
std::string quoted(std::string_view name) {
    std::string shown(name.substr(0, 64));
    if (has_control(shown) || !is_utf8(shown)) return "The user name";
    return "The user name \"" + shown + (name.size() > 64 ? "..." : "") + "\"";
}

Error bad(const char* id, std::string_view name, const std::string& verdict) {
    return Error(Code::invalid_argument, id, quoted(name) + " " + verdict);
}

/// What no user name may be, under either set of rules.
Result<void> check_common(std::string_view name, std::size_t longest) {
    if (name.empty())
        return bad("user-name-empty", name, "is empty.").hint("Give the user a name.");
    if (name.find('/') != std::string_view::npos || name == "." || name == "..")
        return bad("user-name-path", name, "looks like a path.")
            .why("A name that is a path could lead outside of the folders of Hearth.")
            .hint("Leave out slashes and dots.");
    if (name.size() > longest)
        return bad("user-name-too-long", name, "is too long.")
            .why("It has " + std::to_string(name.size()) + " bytes; the limit is " +
                 std::to_string(longest) + ".");
    if (all_digits(name) || (name.front() == '-' && all_digits(name.substr(1))))
        return bad("user-name-numeric", name, "is a number.")
            .why("Programs would take it for a user id.")
            .hint("Put a letter in front.");
    return ok();
}

bool is_reserved(std::string_view name) {
    return name == "root" || name == "nobody" || name.starts_with("systemd-") ||
           name.starts_with("_");
}

bool is_label(std::string_view label) {
    if (label.empty() || label.size() > kLongestLabel || label.front() == '-' ||
        label.back() == '-')
        return false;
    return std::all_of(label.begin(), label.end(),
                       [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; });
}

}  // namespace

Result<void> check_managed_user_name(std::string_view name) {
    HEARTH_CHECK(check_common(name, kLongestManaged));
    if (is_reserved(name))
        return bad("user-name-reserved", name, "is reserved for the system.")
            .why(
                "root, nobody, and names that start with \"systemd-\" or \"_\" never belong to "
                "people.")
            .hint("Choose another name.");
    const auto allowed = [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-'; };
    if (!(is_letter(name.front()) && std::all_of(name.begin(), name.end(), allowed)))
        return bad("user-name-character", name, "has a character that is not allowed.")
            .why("It must start with a letter; letters, digits, \"-\" and \"_\" may follow.");
    return ok();
}

Result<void> check_relaxed_user_name(std::string_view name) {
    HEARTH_CHECK(check_common(name, kLongestRelaxed));
    if (!is_utf8(name) || has_control(name) || name.find(':') != std::string_view::npos)
        return bad("user-name-character", name, "has a character that is not allowed.")
            .why("Control characters and colons are not, and it must be valid UTF-8.");
    if (name.front() == ' ' || name.back() == ' ')
        return bad("user-name-character", name, "starts or ends with a space.");
    return ok();
}

Result<void> check_realm(std::string_view realm) {
    bool good = !realm.empty() && realm.size() <= kLongestRealm;
    for (std::size_t at = 0; good && at <= realm.size();) {
        const std::size_t end = std::min(realm.find('.', at), realm.size());
        good = is_label(realm.substr(at, end - at));
        at = end + 1;
    }
    if (good) return ok();
    return Error(Code::invalid_argument, "realm-invalid", "The realm is not a valid domain name.")
        .why(
            "A realm looks like example.com: letters, digits and dashes between dots, at most 253 "
            "in all.");
}

Result<void> check_blob_name(std::string_view name) {
    if (is_blob_name(name)) return ok();
    return Error(Code::invalid_argument, "blob-name",
                 "A file that comes with a record has a name that it cannot have.")
        .hint("Use letters, digits and the characters - . _ ~ in names, and no dot in front.");
}

}  // namespace hearth::record
