// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/worker/operation_id.hpp"

#include <sys/random.h>

#include <array>

namespace hearth::worker {

namespace {
constexpr std::string_view kDigits = "0123456789abcdef";
constexpr std::size_t kLength = 32;
}  // namespace

/// Where the kernel has no random numbers yet, the name may not be the only one of its kind: that
/// harms nobody.
std::string new_operation_id() {
    std::array<unsigned char, kLength / 2> bytes{};
    [[maybe_unused]] const ssize_t got = ::getrandom(bytes.data(), bytes.size(), GRND_NONBLOCK);
    std::string out;
    for (const unsigned char byte : bytes) {
        out += kDigits[byte >> 4U];
        out += kDigits[byte & 0xfU];
    }
    return out;
}

bool is_operation_id(std::string_view text) {
    return text.size() == kLength && text.find_first_not_of(kDigits) == std::string_view::npos;
}

}  // namespace hearth::worker
