// SPDX-License-Identifier: LGPL-2.1-or-later
#include "enroll.hpp"

#include <sys/random.h>

#include <cerrno>

#include "assertion.hpp"
#include "credential.hpp"

namespace hearth::fido2 {

namespace {

constexpr std::uint32_t kNotice = 5;  // as syslog counts

sdk::Result<Device> open(sdk::Op op, const std::string& path) {
    HEARTH_SDK_TRY(list, DeviceList::find(op));
    for (const auto& place : list.places())
        if (place.path == path) return Device::open(place);
    return sdk::Error(HEARTH_E_NEED_TOKEN, "no security key is at " + path);
}

std::string name_in(const sdk::Record& record) {
    return std::string(record.text("/userName").value_or("")) +
           std::string(record.text("/realm").value_or(""));
}

sdk::Result<Bytes> new_salt() {
    Bytes out(kSaltSize);
    if (getrandom(out.data(), out.size(), 0) != static_cast<ssize_t>(out.size()))
        return sdk::sys_error(errno, "there are no random numbers for the salt");
    return out;
}

/// What is left open, the key may ask for all the same.
std::optional<bool> asked(bool is_asked) {
    return is_asked ? std::optional(true) : std::nullopt;
}

/// How the key will be used, as far as it is known before.
sdk::Result<Entry> plan(const Abilities& can, hearth_flags flags) {
    Entry out;
    if ((flags & HEARTH_ENROLL_PIN_REQUIRED) != 0 && !can.has_pin)
        return sdk::Error(HEARTH_E_NOT_SUPPORTED, "no PIN was ever set on the security key");
    out.pin = asked((flags & HEARTH_ENROLL_PIN) != 0 && can.has_pin);
    out.presence = asked((flags & HEARTH_ENROLL_PRESENCE) != 0 && can.presence);
    out.verification = (flags & HEARTH_ENROLL_VERIFICATION) != 0;
    if (*out.verification && !can.verification)
        return sdk::Error(HEARTH_E_NOT_SUPPORTED,
                          "the security key cannot recognize its owner: it has no sensor, or "
                          "nobody has shown a finger to it yet");
    if (can.always_verifies && !*out.verification && !out.pin) {
        if (can.verification)
            out.verification = true;
        else
            out.pin = true;
    }
    return out;
}

}  // namespace

sdk::Result<sdk::Enrolled> enroll(sdk::Op op, const sdk::Record& record, const std::string& path,
                                  hearth_flags flags) {
    HEARTH_SDK_TRY(algorithm, algorithm_of(record));
    HEARTH_SDK_TRY(device, open(op, path));
    const auto& can = device.abilities();
    if (!can.secrets)
        return sdk::Error(HEARTH_E_NOT_SUPPORTED,
                          "the security key does not have the extension hmac-secret");
    HEARTH_SDK_TRY(entry, plan(can, flags));
    HEARTH_SDK_CHECK(need_permission(op, can.presence, *entry.verification));
    PinTries pins(op, device);
    const std::string real_name(record.text("/realName").value_or(""));
    const NewCredential wanted{name_in(record), real_name, algorithm, *entry.verification,
                               entry.pin.value_or(false)};
    HEARTH_SDK_TRY(credential, make_credential(op, device, wanted, pins));
    HEARTH_SDK_TRY(salt, new_salt());
    entry.credential = std::move(credential);
    entry.salt = std::move(salt);
    HEARTH_SDK_TRY(secret, reveal(op, device, entry, pins));
    entry.presence = entry.presence.value_or(false);
    entry.pin = entry.pin.value_or(false);
    if ((flags & HEARTH_ENROLL_PIN) != 0 && !can.has_pin)
        op.log(kNotice, "the security key opens the home without a PIN: none was ever set on it");
    return sdk::Enrolled{to_json(entry), std::move(secret)};
}

}  // namespace hearth::fido2
