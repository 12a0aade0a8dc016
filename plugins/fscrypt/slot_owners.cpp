// SPDX-License-Identifier: LGPL-2.1-or-later
#include "slot_owners.hpp"

#include <sys/xattr.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "slot_store.hpp"

namespace hearth::fscrypt {

namespace {

constexpr const char* kAttribute = "trusted.hearth_fscrypt_owners";
constexpr std::size_t kMostBytes = 2048;
constexpr std::size_t kDigits = 16;

using Bytes = std::array<std::uint8_t, 8>;

void add_hex(std::string& out, const Bytes& bytes) {
    for (const std::uint8_t byte : bytes) {
        out += "0123456789abcdef"[byte >> 4U];
        out += "0123456789abcdef"[byte & 15U];
    }
}

template <typename T>
bool read_number(std::string_view text, int base, T& out) {
    const auto end = text.data() + text.size();
    const auto [stop, wrong] = std::from_chars(text.data(), end, out, base);
    return wrong == std::errc() && stop == end;
}

bool read_hex(std::string_view text, Bytes& out) {
    if (text.size() != kDigits) return false;
    for (std::size_t i = 0; i < out.size(); ++i)
        if (!read_number(text.substr(2 * i, 2), 16, out[i])) return false;
    return true;
}

std::optional<SlotOwner> parse_line(std::string_view line) {
    const auto first = line.find(' ');
    const auto second = line.rfind(' ');
    if (first == std::string_view::npos || first == second) return std::nullopt;
    SlotOwner out;
    const bool whole = read_number(line.substr(0, first), 10, out.mark.number) &&
                       read_hex(line.substr(first + 1, second - first - 1), out.mark.hash) &&
                       read_hex(line.substr(second + 1), out.id);
    return whole ? std::optional(out) : std::nullopt;
}

}  // namespace

OwnerId owner_id(const hearth_credential& credential) {
    OwnerId out{};
    std::copy_n(std::begin(credential.id), out.size(), out.begin());
    return out;
}

std::string to_text(const std::vector<SlotOwner>& owners) {
    std::string out;
    for (const SlotOwner& owner : owners) {
        out += std::to_string(owner.mark.number) + " ";
        add_hex(out, owner.mark.hash);
        out += ' ';
        add_hex(out, owner.id);
        out += '\n';
    }
    return out;
}

std::vector<SlotOwner> parse_owners(std::string_view text) {
    std::vector<SlotOwner> out;
    while (!text.empty() && out.size() < kMaxSlots) {
        const auto end = std::min(text.find('\n'), text.size());
        if (const auto owner = parse_line(text.substr(0, end))) out.push_back(*owner);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

std::vector<SlotOwner> read_owners(int folder) {
    std::string text(kMostBytes, '\0');
    const ssize_t size = fgetxattr(folder, kAttribute, text.data(), text.size());
    if (size <= 0) return {};
    return parse_owners(std::string_view(text).substr(0, static_cast<std::size_t>(size)));
}

void write_owners(int folder, const std::vector<SlotOwner>& owners) {
    const std::string text = to_text(owners);
    if (text.size() > kMostBytes || fsetxattr(folder, kAttribute, text.data(), text.size(), 0) != 0)
        static_cast<void>(fremovexattr(folder, kAttribute));
}

}  // namespace hearth::fscrypt
