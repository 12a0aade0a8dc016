// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/system/structured_log.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace hearth::system {

namespace {

/// A datagram to the journal is shorter than what a socket takes at once.
constexpr std::size_t kMostText = std::size_t{16} * 1024;

/// NAME=value, or for a value of several lines: NAME, its length in 64 bits of little endian, and
/// the value.
void append_field(std::string& out, std::string_view name, std::string_view value) {
    value = value.substr(0, kMostText);
    out += name;
    if (value.find('\n') == std::string_view::npos) {
        out += '=';
    } else {
        out += '\n';
        for (unsigned shift = 0; shift < 64; shift += 8)
            out += static_cast<char>(std::uint64_t{value.size()} >> shift & 0xffU);
    }
    out += value;
    out += '\n';
}

bool is_plain(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != '"' && byte != '\\' && byte != 0x7f;
}

/// A line break in a text would look like an entry of its own.
std::string quoted(const std::string& value) {
    if (!value.empty() && std::all_of(value.begin(), value.end(), is_plain)) return value;
    std::string out = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\') out += '\\';
        const auto byte = static_cast<unsigned char>(c);
        out += byte < 0x20 || byte == 0x7f ? ' ' : c;
    }
    return out + '"';
}

}  // namespace

std::string to_journal(const LogEntry& entry, std::string_view identifier) {
    std::string out;
    append_field(out, "MESSAGE", entry.text);
    append_field(out, "PRIORITY", std::to_string(entry.priority));
    append_field(out, "SYSLOG_IDENTIFIER", identifier);
    for (const auto& [name, value] : entry.fields) append_field(out, name, value);
    return out;
}

std::string to_line(const LogEntry& entry) {
    std::string out = entry.text;
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    for (const auto& [name, value] : entry.fields) out += " " + name + "=" + quoted(value);
    return out;
}

Journal::Journal(std::string identifier, std::string socket)
    : identifier_(std::move(identifier)),
      path_(std::move(socket)),
      socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}

/// Addressed each time: the journal may have been started again meanwhile.
bool Journal::write(const LogEntry& entry) const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (!socket_ || path_.size() >= sizeof address.sun_path) return false;
    std::memcpy(address.sun_path, path_.c_str(), path_.size());
    const std::string text = to_journal(entry, identifier_);
    return ::sendto(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL,
                    reinterpret_cast<const sockaddr*>(&address), sizeof address) >= 0;
}

}  // namespace hearth::system
