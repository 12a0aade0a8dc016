// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/secret/recovery_key.hpp"

#include <sys/random.h>

#include <cerrno>
#include <string_view>

namespace hearth::secret {

namespace {

constexpr std::string_view kLetters = "cbdefghijklnrtuv";
constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kDigits = 2 * kKeyBytes;
constexpr std::size_t kGroup = 8;
constexpr std::size_t kGroups = kDigits / kGroup;
constexpr std::size_t kLength = kDigits + kGroups - 1;

Error malformed() {
    return Error(Code::invalid_argument, "recovery-key-malformed", "This is not a recovery key.")
        .why("A recovery key has eight groups of eight letters out of \"" + std::string(kLetters) +
             "\".");
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Where digit `i` stands in the form with dashes.
constexpr std::size_t place_of(std::size_t i) {
    return i + i / kGroup;
}

Result<Secret> blank_key() {
    HEARTH_TRY(key, Secret::with_size(kLength));
    for (std::size_t group = 1; group < kGroups; ++group)
        key.expose()[group * (kGroup + 1) - 1] = std::byte{'-'};
    return key;
}

}  // namespace

Result<Secret> make_recovery_key() {
    HEARTH_TRY(raw, Secret::with_size(kKeyBytes));
    if (getrandom(raw.expose().data(), kKeyBytes, 0) != static_cast<ssize_t>(kKeyBytes))
        return Error(Code::internal, "random-unavailable", "The system gives no random numbers.")
            .sys(errno);
    HEARTH_TRY(key, blank_key());
    for (std::size_t i = 0; i < kDigits; ++i) {
        const auto byte = std::to_integer<unsigned>(raw.expose()[i / 2]);
        const unsigned nibble = i % 2 == 0 ? byte >> 4 : byte & 0xF;
        key.expose()[place_of(i)] = static_cast<std::byte>(kLetters[nibble]);
    }
    return key;
}

Result<Secret> normalize_recovery_key(const Secret& typed) {
    const std::string_view text = typed.view();
    const bool dashed = text.size() == kLength;
    if (!dashed && text.size() != kDigits) return malformed();
    HEARTH_TRY(key, blank_key());
    for (std::size_t i = 0; i < kDigits; ++i) {
        const char c = lower(text[dashed ? place_of(i) : i]);
        if (kLetters.find(c) == std::string_view::npos) return malformed();
        key.expose()[place_of(i)] = static_cast<std::byte>(c);
    }
    for (std::size_t group = 1; dashed && group < kGroups; ++group)
        if (text[group * (kGroup + 1) - 1] != '-') return malformed();
    return key;
}

}  // namespace hearth::secret
