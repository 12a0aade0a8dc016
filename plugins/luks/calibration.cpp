// SPDX-License-Identifier: LGPL-2.1-or-later
#include "calibration.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace hearth::luks {

namespace {

constexpr std::uint32_t kLeastArgon = 4;
constexpr std::uint32_t kLeastPbkdf2 = 1000;

std::string key_of(const KeyDerivation& wanted) {
    std::string out = "kdf-" + wanted.type + "-" + wanted.hash + "-" +
                      std::to_string(wanted.time_ms) + "-" + std::to_string(wanted.memory_kib) +
                      "-" + std::to_string(wanted.threads);
    std::replace(out.begin(), out.end(), '_', '-');
    return out.substr(0, 64);
}

/// "ITERATIONS MEMORY"
std::optional<KeyDerivation> parse(const std::string& text, const KeyDerivation& wanted) {
    KeyDerivation out = wanted;
    const char* const end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, out.iterations);
    if (first.ec != std::errc() || first.ptr == end || *first.ptr != ' ') return std::nullopt;
    const auto second = std::from_chars(first.ptr + 1, end, out.memory_kib);
    if (second.ec != std::errc() || second.ptr != end) return std::nullopt;
    if (out.iterations == 0 || out.memory_kib > wanted.memory_kib) return std::nullopt;
    return out;
}

KeyDerivation at_least(KeyDerivation out) {
    out.iterations = std::max(out.iterations, out.type == "pbkdf2" ? kLeastPbkdf2 : kLeastArgon);
    return out;
}

}  // namespace

sdk::Result<KeyDerivation> calibrate(const KeyDerivation& wanted, const Memory& memory,
                                     const Measure& measure) {
    if (wanted.iterations != 0) return wanted;
    const std::string key = key_of(wanted);
    if (const auto text = memory.load(key))
        if (const auto known = parse(*text, wanted)) return at_least(*known);
    HEARTH_SDK_TRY(measured, measure(wanted));
    // Not remembered, it is measured again next time: nothing is lost but time.
    static_cast<void>(memory.store(
        key, std::to_string(measured.iterations) + " " + std::to_string(measured.memory_kib)));
    return at_least(measured);
}

Memory memory_of(sdk::Op op) {
    return {[op](const std::string& key) { return sdk::load_state(op, key.c_str()); },
            [op](const std::string& key, const std::string& text) {
                return sdk::store_state(op, key.c_str(), text);
            }};
}

}  // namespace hearth::luks
