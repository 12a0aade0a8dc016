// SPDX-License-Identifier: LGPL-2.1-or-later
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <memory>
#include <string>

#include "hosts/homectl/options/kinds.hpp"
#include "hosts/homectl/options/units.hpp"
#include "hosts/homectl/output/text.hpp"

namespace hearth::homectl {

namespace {

using record::Value;

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::optional<Value> to_text(std::string_view text) {
    if (!is_plain_text(text)) return std::nullopt;
    return Value(text);
}

std::optional<Value> to_real_name(std::string_view text) {
    if (text.find(':') != std::string_view::npos) return std::nullopt;
    return to_text(text);
}

bool is_dns_label(std::string_view label) {
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-')
        return false;
    return std::all_of(label.begin(), label.end(),
                       [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
}

std::optional<Value> to_realm(std::string_view text) {
    if (text.size() > 253) return std::nullopt;
    for (std::string_view rest = text; !rest.empty();) {
        const std::size_t dot = std::min(rest.find('.'), rest.size());
        if (!is_dns_label(rest.substr(0, dot)) || dot + 1 == rest.size()) return std::nullopt;
        rest.remove_prefix(std::min(dot + 1, rest.size()));
    }
    return Value(text);
}

/// What the path means from where the caller stands, without touching the file system.
std::optional<std::string> absolute(std::string_view path) {
    if (path.starts_with('/')) return std::string(path);
    std::array<char, PATH_MAX> here{};
    if (getcwd(here.data(), here.size()) == nullptr) return std::nullopt;
    while (path.starts_with("./")) path.remove_prefix(2);
    return std::string(here.data()) + "/" + std::string(path);
}

std::optional<Value> to_path(std::string_view text) {
    std::optional<std::string> path = absolute(text);
    if (!path) return std::nullopt;
    while (path->size() > 1 && path->ends_with('/')) path->pop_back();
    if (!is_record_path(*path)) return std::nullopt;
    return Value(*path);
}

std::optional<Value> to_shell(std::string_view text) {
    if (!text.starts_with('/') || text.ends_with('/') || !is_record_path(text)) return std::nullopt;
    return Value(text);
}

std::optional<Value> to_date(std::string_view text) {
    if (text.size() != 10 || text.substr(0, 4) < "1900") return std::nullopt;
    // The calendar of 400 years later is the same one, and timestamps before 1970 do not exist
    // here.
    std::string later(text);
    later.replace(0, 4, std::to_string(parse_unsigned(text.substr(0, 4)).value_or(0) + 400));
    if (!parse_timestamp(later + " UTC", 0)) return std::nullopt;
    return Value(text);
}

std::optional<Value> to_timezone(std::string_view text) {
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
        return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '+' || c == '/';
    });
    if (!plain || text.front() == '/' || text.find("//") != std::string_view::npos)
        return std::nullopt;
    if (text != "UTC" && access(("/usr/share/zoneinfo/" + std::string(text)).c_str(), R_OK) != 0)
        return std::nullopt;
    return Value(text);
}

std::optional<Value> to_file_name(std::string_view text) {
    if (!is_file_name(text)) return std::nullopt;
    return Value(text);
}

/// Which storages exist is for the installed plugins to say; this only keeps the name a name.
std::optional<Value> to_storage(std::string_view text) {
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_' || c == '.';
    });
    if (!plain || !is_letter(text.front()) || text.size() > 64) return std::nullopt;
    return Value(text);
}

template <std::size_t N>
std::optional<Value> one_of(const std::array<std::string_view, N>& words, std::string_view text) {
    if (std::find(words.begin(), words.end(), text) == words.end()) return std::nullopt;
    return Value(text);
}

std::optional<Value> to_file_system(std::string_view text) {
    return one_of(std::array<std::string_view, 3>{"btrfs", "ext4", "xfs"}, text);
}

std::optional<Value> to_resize_mode(std::string_view text) {
    return one_of(std::array<std::string_view, 3>{"off", "grow", "shrink-and-grow"}, text);
}

std::optional<Value> to_cifs_service(std::string_view text) {
    if (!text.starts_with("//") || !is_plain_text(text)) return std::nullopt;
    const std::size_t slash = text.find('/', 2);
    if (slash == std::string_view::npos || slash == 2) return std::nullopt;
    if (!is_record_path(text.substr(slash)) || slash + 1 == text.size()) return std::nullopt;
    return Value(text);
}

}  // namespace

bool is_strict_name(std::string_view name) {
    if (name.empty() || name.size() > 31 || (!is_letter(name[0]) && name[0] != '_')) return false;
    return std::all_of(name.begin(), name.end(),
                       [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-'; });
}

bool is_record_path(std::string_view path) {
    if (!path.starts_with('/') || path.size() >= PATH_MAX || !is_plain_text(path)) return false;
    if (path.find(':') != std::string_view::npos) return false;
    if (path == "/") return true;
    for (std::size_t at = 0; at < path.size();) {
        const std::size_t end = std::min(path.find('/', at + 1), path.size());
        const std::string_view part = path.substr(at + 1, end - at - 1);
        if (part.empty() || part == "." || part == "..") return false;
        at = end;
    }
    return true;
}

bool is_file_name(std::string_view name) {
    return !name.empty() && name.front() != '.' && name.size() <= NAME_MAX && is_plain_text(name) &&
           name.find('/') == std::string_view::npos;
}

const Kind kText = {"TEXT", "text in UTF-8 without control characters", to_text};
const Kind kRealName = {"NAME", "a name in UTF-8 without colons and control characters",
                        to_real_name};
const Kind kRealm = {"REALM", "a DNS name, as in example.com", to_realm};
const Kind kPath = {"PATH", "a path without \"..\", colons and control characters", to_path};
const Kind kShellPath = {"PATH", "an absolute path of a program, as in /bin/bash", to_shell};
const Kind kTimezone = {"ZONE", "a time zone that this machine knows, as in Europe/Berlin",
                        to_timezone};
const Kind kFileName = {"NAME", "a file name without slashes and without a leading dot",
                        to_file_name};
const Kind kStorage = {"STORAGE",
                       "the name of a storage, as in directory; \"homectl plugins\" lists them",
                       to_storage};
const Kind kFileSystem = {"TYPE", "btrfs, ext4 or xfs", to_file_system};
const Kind kResizeMode = {"MODE", "off, grow or shrink-and-grow", to_resize_mode};
const Kind kCifsService = {"SERVICE", "a share, as in //host/share or //host/share/folder",
                           to_cifs_service};
const Kind kDate = {"[DATE]", "a day as YYYY-MM-DD, from 1900 on", to_date, nullptr, true};

}  // namespace hearth::homectl
