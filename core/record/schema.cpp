// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/record/schema.hpp"

#include <algorithm>
#include <array>

namespace hearth::record {

namespace {

using enum FieldType;

constexpr Sections kTop = Sections::regular;
constexpr Sections kPer = Sections::regular | Sections::per_machine;
constexpr Sections kBound = Sections::binding;
constexpr Sections kStatus = Sections::status;
constexpr Sections kPrivileged = Sections::privileged;
constexpr Sections kSecret = Sections::secret;
constexpr Sections kMatch = Sections::per_machine;
constexpr std::uint64_t kMax32 = 0xFFFFFFFF;

/// Sorted by name.
constexpr std::array kFields{
    Field{"accessMode", mode, kPer | kStatus, 0, 07777},
    Field{"additionalLanguages", strings, kPer},
    Field{"aliases", user_names, kTop | kStatus},
    Field{"autoLogin", flag, kPer},
    Field{"autoResizeMode", auto_resize, kPer},
    Field{"badAuthenticationCounter", number, kStatus},
    Field{"birthDate", birth_date, kTop},
    Field{"blobDirectory", absolute_path, kPer | kBound},
    Field{"blobManifest", manifest, kPer},
    Field{"capabilityAmbientSet", strings, kPer},
    Field{"capabilityBoundingSet", strings, kPer},
    Field{"cifsDomain", text, kPer},
    Field{"cifsExtraMountOptions", text, kPer},
    Field{"cifsService", text, kPer},
    Field{"cifsUserName", text, kPer},
    Field{"cpuWeight", number, kPer, 1, 10000},
    Field{"defaultArea", clean_text, kPer | kStatus},
    Field{"devShmLimit", number, kPer},
    Field{"devShmLimitScale", number, kPer, 0, kMax32},
    Field{"diskCeiling", number, kStatus},
    Field{"diskFloor", number, kStatus},
    Field{"diskFree", number, kStatus},
    Field{"diskSize", number, kPer | kStatus},
    Field{"diskSizeRelative", number, kPer, 0, kMax32 + 1},
    Field{"diskUsage", number, kStatus},
    Field{"disposition", FieldType::disposition, kTop},
    Field{"dropCaches", flag, kPer},
    Field{"emailAddress", clean_text, kTop},
    Field{"enforcePasswordPolicy", flag, kPer},
    Field{"environment", FieldType::environment, kPer},
    Field{"fallbackHomeDirectory", absolute_path, kStatus},
    Field{"fallbackShell", absolute_path, kStatus},
    Field{"fido2HmacCredential", strings, kPer},
    Field{"fido2HmacSalt", objects, kPrivileged},
    Field{"fido2UserPresencePermitted", flag, kSecret},
    Field{"fido2UserVerificationPermitted", flag, kSecret},
    Field{"fileSystemType", word, kPer | kBound | kStatus},
    Field{"fileSystemUuid", uuid, kPer | kBound},
    Field{"gid", user_id, kPer | kBound},
    Field{"goodAuthenticationCounter", number, kStatus},
    Field{"hashedPassword", text_or_strings, kPrivileged},
    Field{"homeDirectory", normal_path, kTop | kBound},
    Field{"iconName", text, kPer},
    Field{"imagePath", absolute_path, kPer | kBound},
    Field{"ioWeight", number, kPer, 1, 10000},
    Field{"killProcesses", flag, kPer},
    Field{"lastBadAuthenticationUSec", number, kStatus},
    Field{"lastChangeUSec", number, kTop},
    Field{"lastGoodAuthenticationUSec", number, kStatus},
    Field{"lastPasswordChangeUSec", number, kTop},
    Field{"location", text, kPer},
    Field{"locked", flag, kPer},
    Field{"luksCipher", text, kPer | kBound},
    Field{"luksCipherMode", text, kPer | kBound},
    Field{"luksDiscard", flag, kPer},
    Field{"luksExtraMountOptions", text, kPer},
    Field{"luksOfflineDiscard", flag, kPer},
    Field{"luksPbkdfForceIterations", number, kPer},
    Field{"luksPbkdfHashAlgorithm", text, kPer},
    Field{"luksPbkdfMemoryCost", number, kPer},
    Field{"luksPbkdfParallelThreads", number, kPer},
    Field{"luksPbkdfTimeCostUSec", number, kPer},
    Field{"luksPbkdfType", text, kPer},
    Field{"luksSectorSize", number, kPer},
    Field{"luksUuid", uuid, kPer | kBound},
    Field{"luksVolumeKeySize", number, kPer | kBound},
    Field{"matchHostname", text_or_strings, kMatch},
    Field{"matchMachineId", text_or_strings, kMatch},
    Field{"matchNotHostname", text_or_strings, kMatch},
    Field{"matchNotMachineId", text_or_strings, kMatch},
    Field{"memberOf", group_names, kPer},
    Field{"memoryHigh", number, kPer, 1, UINT64_MAX - 1},
    Field{"memoryMax", number, kPer, 1, UINT64_MAX - 1},
    Field{"mountNoDevices", flag, kPer},
    Field{"mountNoExecute", flag, kPer},
    Field{"mountNoSuid", flag, kPer},
    Field{"niceLevel", integer, kPer, 20, 19},
    Field{"notAfterUSec", number, kPer},
    Field{"notBeforeUSec", number, kPer},
    Field{"partitionUuid", uuid, kPer | kBound},
    Field{"password", text_or_strings, kSecret},
    Field{"passwordChangeInactiveUSec", number, kPer},
    Field{"passwordChangeMaxUSec", number, kPer},
    Field{"passwordChangeMinUSec", number, kPer},
    Field{"passwordChangeNow", flag, kPer},
    Field{"passwordChangeWarnUSec", number, kPer},
    Field{"passwordHint", text, kPrivileged},
    Field{"pkcs11EncryptedKey", objects, kPrivileged},
    Field{"pkcs11Pin", text_or_strings, kSecret},
    Field{"pkcs11ProtectedAuthenticationPathPermitted", flag, kSecret},
    Field{"pkcs11TokenUri", text_or_strings, kPer},
    Field{"preferredLanguage", clean_text, kPer},
    Field{"preferredSessionLauncher", clean_text, kPer},
    Field{"preferredSessionType", clean_text, kPer},
    Field{"rateLimitBeginUSec", number, kStatus},
    Field{"rateLimitBurst", number, kPer},
    Field{"rateLimitCount", number, kStatus},
    Field{"rateLimitIntervalUSec", number, kPer},
    Field{"realName", text, kTop},
    Field{"realm", FieldType::realm, kTop},
    Field{"rebalanceWeight", weight, kPer, 0, 10000},
    Field{"recoveryKey", objects, kPrivileged},
    Field{"recoveryKeyType", strings, kTop},
    Field{"removable", flag, kStatus},
    Field{"resourceLimits", resource_limits, kPer},
    Field{"selfModifiableBlobs", strings, kPer},
    Field{"selfModifiableFields", strings, kPer},
    Field{"selfModifiablePrivileged", strings, kPer},
    Field{"service", word, kTop | kStatus},
    Field{"shell", normal_path, kPer},
    Field{"signedLocally", flag, kStatus},
    Field{"skeletonDirectory", absolute_path, kPer},
    Field{"sshAuthorizedKeys", text_or_strings, kPrivileged},
    Field{"state", text, kStatus},
    Field{"stopDelayUSec", number, kPer},
    Field{"storage", word, kPer | kBound},
    Field{"tasksMax", number, kPer, 1, UINT64_MAX - 1},
    Field{"timeZone", text, kPer},
    Field{"tmpLimit", number, kPer},
    Field{"tmpLimitScale", number, kPer, 0, kMax32},
    Field{"tokenPin", text_or_strings, kSecret},
    Field{"uid", user_id, kPer | kBound},
    Field{"umask", mode, kPer, 0, 0777},
    Field{"useFallback", flag, kStatus},
    Field{"userName", user_name, kTop},
    Field{"uuid", FieldType::uuid, kTop},
};

constexpr bool sorted_by_name() {
    return std::is_sorted(kFields.begin(), kFields.end(),
                          [](const Field& a, const Field& b) { return a.name < b.name; });
}
static_assert(sorted_by_name(), "the table is searched in halves");

}  // namespace

const Field* find_field(std::string_view name) {
    const auto* found = std::lower_bound(
        kFields.begin(), kFields.end(), name,
        [](const Field& field, std::string_view wanted) { return field.name < wanted; });
    return found != kFields.end() && found->name == name ? found : nullptr;
}

Sections sections_of_field(std::string_view name) {
    const Field* field = find_field(name);
    return field ? field->sections : Sections::all;
}

}  // namespace hearth::record
