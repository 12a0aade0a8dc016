// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/varlink/uuid_filter.hpp"

#include <algorithm>

namespace hearth::homed::varlink {

namespace {

constexpr std::size_t kDigits = 32;

/// In lower case and without dashes; empty if it is none.
std::string digits_of(std::string_view text) {
    std::string digits;
    for (const char c : text) {
        if (c == '-') continue;
        digits += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    const bool fits = digits.size() == kDigits &&
                      digits.find_first_not_of("0123456789abcdef") == std::string::npos;
    return fits ? digits : "";
}

}  // namespace

std::optional<UuidFilter> UuidFilter::make(const std::optional<std::string_view>& text) {
    if (!text) return UuidFilter("");
    std::string digits = digits_of(*text);
    if (digits.empty()) return std::nullopt;
    return UuidFilter(std::move(digits));
}

bool UuidFilter::passes(const service::Home& home) const {
    if (is_any()) return true;
    return digits_of(home.uuid()) == digits_;
}

}  // namespace hearth::homed::varlink
