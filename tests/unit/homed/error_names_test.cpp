// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hosts/homed/bus/error_names.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "hosts/homed/bus/bus_error.hpp"

namespace hearth::homed {
namespace {

struct CodeName {
    Code code;
    const char* name;
};

#define HOME1 "org.freedesktop.home1."
#define DBUS "org.freedesktop.DBus.Error."

// Every code once.
const CodeName kCodes[] = {
    {Code::ok, DBUS "Failed"},
    {Code::internal, DBUS "Failed"},
    {Code::no_memory, DBUS "NoMemory"},
    {Code::invalid_argument, DBUS "InvalidArgs"},
    {Code::not_supported, DBUS "NotSupported"},
    {Code::cancelled, "System.Error.ECANCELED"},
    {Code::io, DBUS "IOError"},
    {Code::permission, DBUS "AccessDenied"},
    {Code::timeout, DBUS "Timeout"},
    {Code::corrupt, "System.Error.EBADMSG"},
    {Code::home_absent, HOME1 "HomeAbsent"},
    {Code::home_exists, HOME1 "HomeExists"},
    {Code::home_active, HOME1 "HomeAlreadyActive"},
    {Code::home_not_active, HOME1 "HomeNotActive"},
    {Code::home_busy, HOME1 "HomeBusy"},
    {Code::home_in_use, HOME1 "HomeInUse"},
    {Code::home_locked, HOME1 "HomeLocked"},
    {Code::home_not_locked, HOME1 "HomeNotLocked"},
    {Code::bad_size, HOME1 "BadHomeSize"},
    {Code::no_space, HOME1 "NoDiskSpace"},
    {Code::cannot_shrink, HOME1 "BadHomeSize"},
    {Code::shrink_offline_only, HOME1 "BadHomeSize"},
    {Code::backend_unavailable, DBUS "NotSupported"},
    {Code::fstype_unsupported, DBUS "NotSupported"},
    {Code::lingering, HOME1 "HomeBusy"},
    {Code::recover_at_open, HOME1 "HomeBusy"},
    {Code::bad_secret, HOME1 "BadPassword"},
    {Code::need_token, HOME1 "BadPasswordAndNoToken"},
    {Code::need_pin, HOME1 "TokenPinNeeded"},
    {Code::need_presence, HOME1 "TokenUserPresenceNeeded"},
    {Code::need_verification, HOME1 "TokenUserVerificationNeeded"},
    {Code::need_protected_path, HOME1 "TokenProtectedAuthenticationPathNeeded"},
    {Code::token_timeout, HOME1 "TokenActionTimeout"},
    {Code::pin_locked, HOME1 "TokenPinLocked"},
    {Code::bad_pin, HOME1 "BadPin"},
    {Code::bad_pin_few_left, HOME1 "BadPinFewTriesLeft"},
    {Code::bad_pin_one_left, HOME1 "BadPinOneTryLeft"},
    {Code::no_auth_configured, HOME1 "HomeCantAuthenticate"},
};

struct IdName {
    Code code;
    const char* id;
    const char* name;
};

const IdName kIds[] = {
    {Code::home_absent, "home-unknown", HOME1 "NoSuchHome"},
    {Code::home_exists, "uid-taken", HOME1 "UIDInUse"},
    {Code::home_exists, "user-exists", HOME1 "UserNameExists"},
    {Code::home_exists, "home-exists", HOME1 "HomeExists"},
    {Code::not_supported, "home-fixated", HOME1 "HomeAlreadyFixated"},
    {Code::not_supported, "home-unfixated", HOME1 "HomeUnfixated"},
    {Code::invalid_argument, "password-too-weak", HOME1 "LowPasswordQuality"},
    {Code::permission, "record-unsigned", HOME1 "BadSignature"},
    {Code::permission, "record-unknown-key", HOME1 "BadSignature"},
    {Code::invalid_argument, "record-mismatch", HOME1 "RecordMismatch"},
    {Code::invalid_argument, "record-downgrade", HOME1 "RecordDowngrade"},
    {Code::permission, "record-signed-elsewhere", HOME1 "RecordSigned"},
    {Code::corrupt, "signing-key-invalid", HOME1 "NoPrivateKey"},
    {Code::home_busy, "too-many-operations", HOME1 "TooManyOperations"},
    {Code::permission, "too-many-attempts", HOME1 "AuthenticationLimitHit"},
    {Code::not_supported, "rebalance-needless", HOME1 "RebalanceNotNeeded"},
    {Code::home_not_active, "home-not-referenced", HOME1 "HomeNotReferenced"},
    {Code::home_absent, "public-key-unknown", HOME1 "NoSuchKey"},
    {Code::invalid_argument, "adopt-name", HOME1 "UnrecognizedHomeFormat"},
    {Code::bad_secret, "bad-recovery-key", HOME1 "BadRecoveryKey"},
    {Code::corrupt, "record-too-large", DBUS "InvalidArgs"},
    {Code::corrupt, "json-truncated", DBUS "InvalidArgs"},
    {Code::home_not_active, "size-needs-active", HOME1 "BadHomeSize"},
    {Code::permission, "polkit-interaction", DBUS "InteractiveAuthorizationRequired"},
};

// What org.freedesktop.home1 knows, as its clients look for it.
const char* const kAllOfHome1[] = {"NoSuchHome",
                                   "UIDInUse",
                                   "UserNameExists",
                                   "HomeExists",
                                   "HomeAlreadyActive",
                                   "HomeAlreadyFixated",
                                   "HomeUnfixated",
                                   "HomeNotActive",
                                   "HomeAbsent",
                                   "HomeBusy",
                                   "BadPassword",
                                   "BadRecoveryKey",
                                   "LowPasswordQuality",
                                   "BadPasswordAndNoToken",
                                   "TokenPinNeeded",
                                   "TokenProtectedAuthenticationPathNeeded",
                                   "TokenUserPresenceNeeded",
                                   "TokenUserVerificationNeeded",
                                   "TokenActionTimeout",
                                   "TokenPinLocked",
                                   "BadPin",
                                   "BadPinFewTriesLeft",
                                   "BadPinOneTryLeft",
                                   "BadSignature",
                                   "RecordMismatch",
                                   "RecordDowngrade",
                                   "RecordSigned",
                                   "BadHomeSize",
                                   "NoPrivateKey",
                                   "HomeLocked",
                                   "HomeNotLocked",
                                   "NoDiskSpace",
                                   "TooManyOperations",
                                   "AuthenticationLimitHit",
                                   "HomeCantAuthenticate",
                                   "HomeInUse",
                                   "RebalanceNotNeeded",
                                   "HomeNotReferenced",
                                   "NoSuchKey",
                                   "UnrecognizedHomeFormat"};

Error make(Code code, const char* id) {
    return Error(code, id, "It failed.");
}

TEST(ErrorNames, EveryCodeHasOne) {
    for (const auto& [code, name] : kCodes)
        EXPECT_STREQ(bus_error_name(make(code, "some-id")), name) << static_cast<int>(code);
}

TEST(ErrorNames, SomeIdsHaveOneOfTheirOwn) {
    for (const auto& [code, id, name] : kIds)
        EXPECT_STREQ(bus_error_name(make(code, id)), name) << id;
}

TEST(ErrorNames, EveryNameOfTheInterfaceIsUsed) {
    std::set<std::string> used;
    for (const auto& one : kCodes) used.insert(one.name);
    for (const auto& one : kIds) used.insert(one.name);
    for (const char* name : kAllOfHome1)
        EXPECT_TRUE(used.contains(std::string(HOME1) + name)) << name;
}

TEST(ErrorNames, TheMessageSaysWhatWhyAndWhatToDo) {
    EXPECT_EQ(bus_error_message(make(Code::io, "x")), "It failed.");
    EXPECT_EQ(bus_error_message(Error(Code::io, "x", "It failed.").why("So.").hint("Do this.")),
              "It failed. So. Do this.");
}

TEST(ErrorNames, AnErrorOfSdBusHasBoth) {
    BusError out;
    EXPECT_LT(set_bus_error(out.get(), make(Code::home_busy, "home-busy")), 0);
    EXPECT_STREQ(out.get()->name, HOME1 "HomeBusy");
    EXPECT_STREQ(out.get()->message, "It failed.");
}

}  // namespace
}  // namespace hearth::homed
