// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/error_names.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "hosts/homed/bus/trampoline.hpp"

namespace hearth::homed {

namespace {

struct IdName {
    std::string_view id;
    const char* name;
};

#define HOME1 "org.freedesktop.home1."
#define DBUS "org.freedesktop.DBus.Error."
#define ERRNO "System.Error."

// Where the kind of failure alone does not tell what clients want to know. Sorted by id.
constexpr std::array kIds = {
    IdName{"adopt-name", HOME1 "UnrecognizedHomeFormat"},
    IdName{"adopt-no-record", HOME1 "UnrecognizedHomeFormat"},
    IdName{"adopt-storage", HOME1 "UnrecognizedHomeFormat"},
    IdName{"bad-recovery-key", HOME1 "BadRecoveryKey"},
    IdName{"home-directory-in-use", HOME1 "HomeBusy"},
    IdName{"home-fixated", HOME1 "HomeAlreadyFixated"},
    IdName{"home-not-referenced", HOME1 "HomeNotReferenced"},
    IdName{"home-unfixated", HOME1 "HomeUnfixated"},
    IdName{"home-unknown", HOME1 "NoSuchHome"},
    IdName{"no-free-uid", ERRNO "EBUSY"},
    IdName{"password-check-unavailable", HOME1 "LowPasswordQuality"},
    IdName{"password-dictionary-missing", HOME1 "LowPasswordQuality"},
    IdName{"password-too-weak", HOME1 "LowPasswordQuality"},
    IdName{"polkit-interaction", DBUS "InteractiveAuthorizationRequired"},
    IdName{"public-key-unknown", HOME1 "NoSuchKey"},
    IdName{"rebalance-needless", HOME1 "RebalanceNotNeeded"},
    IdName{"record-bad-signature", HOME1 "BadSignature"},
    IdName{"record-downgrade", HOME1 "RecordDowngrade"},
    IdName{"record-embedded-section", DBUS "InvalidArgs"},
    IdName{"record-from-the-future", HOME1 "RecordMismatch"},
    IdName{"record-mismatch", HOME1 "RecordMismatch"},
    IdName{"record-of-another-user", HOME1 "RecordMismatch"},
    IdName{"record-section", DBUS "InvalidArgs"},
    IdName{"record-signature-mismatch", HOME1 "BadSignature"},
    IdName{"record-signed-elsewhere", HOME1 "RecordSigned"},
    IdName{"record-too-large", DBUS "InvalidArgs"},
    IdName{"record-unknown-key", HOME1 "BadSignature"},
    IdName{"record-unsigned", HOME1 "BadSignature"},
    IdName{"record-without-name", DBUS "InvalidArgs"},
    IdName{"signing-key-invalid", HOME1 "NoPrivateKey"},
    IdName{"signing-key-unsafe", HOME1 "NoPrivateKey"},
    IdName{"signing-key-write", HOME1 "NoPrivateKey"},
    IdName{"size-missing", DBUS "InvalidArgs"},
    IdName{"size-needs-active", HOME1 "BadHomeSize"},
    IdName{"size-needs-inactive", HOME1 "BadHomeSize"},
    IdName{"too-many-attempts", HOME1 "AuthenticationLimitHit"},
    IdName{"too-many-operations", HOME1 "TooManyOperations"},
    IdName{"too-many-questions", DBUS "LimitsExceeded"},
    IdName{"uid-taken", HOME1 "UIDInUse"},
    IdName{"user-exists", HOME1 "UserNameExists"},
};

static_assert(std::is_sorted(kIds.begin(), kIds.end(),
                             [](const IdName& a, const IdName& b) { return a.id < b.id; }));

// One line per code, which the compiler checks to be complete.
// NOLINTNEXTLINE(readability-function-size)
const char* name_of_code(Code code) {
    switch (code) {
        case Code::ok:
        case Code::internal:
            return DBUS "Failed";
        case Code::no_memory:
            return DBUS "NoMemory";
        case Code::invalid_argument:
            return DBUS "InvalidArgs";
        case Code::not_supported:
        case Code::backend_unavailable:
        case Code::fstype_unsupported:
            return DBUS "NotSupported";
        case Code::cancelled:
            return ERRNO "ECANCELED";
        case Code::io:
            return DBUS "IOError";
        case Code::permission:
            return DBUS "AccessDenied";
        case Code::timeout:
            return DBUS "Timeout";
        case Code::corrupt:
            return ERRNO "EBADMSG";
        case Code::home_absent:
            return HOME1 "HomeAbsent";
        case Code::home_exists:
            return HOME1 "HomeExists";
        case Code::home_active:
            return HOME1 "HomeAlreadyActive";
        case Code::home_not_active:
            return HOME1 "HomeNotActive";
        case Code::home_busy:
        case Code::lingering:
        case Code::recover_at_open:
            return HOME1 "HomeBusy";
        case Code::home_in_use:
            return HOME1 "HomeInUse";
        case Code::home_locked:
            return HOME1 "HomeLocked";
        case Code::home_not_locked:
            return HOME1 "HomeNotLocked";
        case Code::bad_size:
        case Code::cannot_shrink:
        case Code::shrink_offline_only:
            return HOME1 "BadHomeSize";
        case Code::no_space:
            return HOME1 "NoDiskSpace";
        case Code::bad_secret:
            return HOME1 "BadPassword";
        case Code::need_token:
            return HOME1 "BadPasswordAndNoToken";
        case Code::need_pin:
            return HOME1 "TokenPinNeeded";
        case Code::need_presence:
            return HOME1 "TokenUserPresenceNeeded";
        case Code::need_verification:
            return HOME1 "TokenUserVerificationNeeded";
        case Code::need_protected_path:
            return HOME1 "TokenProtectedAuthenticationPathNeeded";
        case Code::token_timeout:
            return HOME1 "TokenActionTimeout";
        case Code::pin_locked:
            return HOME1 "TokenPinLocked";
        case Code::bad_pin:
            return HOME1 "BadPin";
        case Code::bad_pin_few_left:
            return HOME1 "BadPinFewTriesLeft";
        case Code::bad_pin_one_left:
            return HOME1 "BadPinOneTryLeft";
        case Code::no_auth_configured:
            return HOME1 "HomeCantAuthenticate";
    }
    return DBUS "Failed";
}

}  // namespace

const char* bus_error_name(const Error& error) {
    const auto* const found =
        std::lower_bound(kIds.begin(), kIds.end(), error.id(),
                         [](const IdName& entry, const std::string& id) { return entry.id < id; });
    if (found != kIds.end() && found->id == error.id()) return found->name;
    // Texts that clients read are ours: one that is malformed has come from a client.
    if (error.id().starts_with("json-")) return DBUS "InvalidArgs";
    return name_of_code(error.code());
}

std::string bus_error_message(const Error& error) {
    std::string message = error.what();
    for (const std::string* more : {&error.why(), &error.hint()})
        if (!more->empty()) message += " " + *more;
    return message;
}

int set_bus_error(sd_bus_error* target, const Error& error) noexcept {
    return guarded(target, [&] {
        return sd_bus_error_set(target, bus_error_name(error), bus_error_message(error).c_str());
    });
}

}  // namespace hearth::homed
