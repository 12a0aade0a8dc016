// SPDX-License-Identifier: LGPL-2.1-or-later
#include "pin_tries.hpp"

#include <algorithm>
#include <cstring>

#include "ctap_error.hpp"

namespace hearth::fido2 {

namespace {

constexpr const char* kWhat = "giving the PIN";
/// CTAP allows no others: the key would count them as wrong.
constexpr std::ptrdiff_t kShortest = 4;  // characters
constexpr std::size_t kLongest = 63;     // bytes
constexpr int kFew = 3;

bool can_be_one(std::string_view pin) {
    const auto characters = std::count_if(pin.begin(), pin.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;  // of UTF-8 the first byte
    });
    return characters >= kShortest && pin.size() <= kLongest &&
           pin.find('\0') == std::string_view::npos;
}

/// A key that is locked, or would be with one more wrong PIN, is left alone.
bool is_final(const sdk::Error& refusal) {
    return refusal.code() == HEARTH_E_PIN_LOCKED || refusal.code() == HEARTH_E_BAD_PIN_ONE_LEFT;
}

/// With a zero byte at its end, in locked memory.
sdk::Result<sdk::Secret> copy_of(sdk::Op op, std::string_view pin) {
    HEARTH_SDK_TRY(out, op.new_secret(pin.size() + 1));
    std::memcpy(out.bytes().data(), pin.data(), pin.size());
    return out;
}

}  // namespace

std::vector<std::size_t> PinTries::worth_trying() const {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < op_.secret_count(HEARTH_SECRET_PIN); ++i) {
        const auto pin = op_.secret(HEARTH_SECRET_PIN, i).text();
        const bool is_known = std::any_of(wrong_.begin(), wrong_.end(), [&](std::size_t other) {
            return op_.secret(HEARTH_SECRET_PIN, other).text() == pin;
        });
        const bool is_twice = std::any_of(out.begin(), out.end(), [&](std::size_t other) {
            return op_.secret(HEARTH_SECRET_PIN, other).text() == pin;
        });
        if (!is_known && !is_twice && can_be_one(pin)) out.push_back(i);
    }
    return out;
}

sdk::Result<int> PinTries::try_one(std::size_t which,
                                   const std::function<int(fido_dev_t*, const char*)>& call) {
    HEARTH_SDK_TRY(pin, copy_of(op_, op_.secret(HEARTH_SECRET_PIN, which).text()));
    const char* text = reinterpret_cast<const char*>(pin.bytes().data());
    return device_.talk(op_, [&](fido_dev_t* device) { return call(device, text); });
}

/// How bad it is, as the key itself says.
sdk::Error PinTries::wrong() {
    int left = 0;
    if (fido_dev_get_retry_count(device_.handle(), &left) != FIDO_OK)
        return ctap_error(FIDO_ERR_PIN_INVALID, kWhat);
    if (left == 0) return ctap_error(FIDO_ERR_PIN_BLOCKED, kWhat);
    if (left == 1) return {HEARTH_E_BAD_PIN_ONE_LEFT, "a wrong PIN, and one try is left"};
    const std::string tries = "a wrong PIN, and " + std::to_string(left) + " tries are left";
    return {left <= kFew ? HEARTH_E_BAD_PIN_FEW_LEFT : HEARTH_E_BAD_PIN, tries};
}

sdk::Result<int> PinTries::with_pin(const std::function<int(fido_dev_t*, const char*)>& call) {
    if (op_.secret_count(HEARTH_SECRET_PIN) == 0)
        return sdk::Error(HEARTH_E_NEED_PIN, "the security key asks for its PIN");
    if (refusal_ && is_final(*refusal_)) return *refusal_;
    for (const std::size_t which : worth_trying()) {
        HEARTH_SDK_TRY(answer, try_one(which, call));
        const bool is_locked =
            answer == FIDO_ERR_PIN_BLOCKED || answer == FIDO_ERR_PIN_AUTH_BLOCKED;
        if (answer != FIDO_ERR_PIN_INVALID && !is_locked) return answer;
        wrong_.insert(which);
        refusal_ = is_locked ? ctap_error(answer, kWhat) : wrong();
        if (is_final(*refusal_)) break;
    }
    if (!refusal_)
        refusal_ = sdk::Error(HEARTH_E_BAD_PIN,
                              "a PIN that no security key can have: one has 4 to "
                              "63 characters");
    return *refusal_;
}

}  // namespace hearth::fido2
