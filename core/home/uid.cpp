// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/home/uid.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/random.h>

#include <array>
#include <charconv>
#include <vector>

#include "core/crypto/hashes.hpp"

namespace hearth::home {

namespace {

constexpr crypto::SipKey kUidHashKey = {0xa3, 0xb8, 0x82, 0x69, 0x9a, 0x71, 0xf7, 0xa9,
                                        0xe0, 0x7c, 0xf6, 0xf1, 0x21, 0x69, 0xd2, 0x1e};
constexpr std::uint32_t kHomeUids = kLastHomeUid - kFirstHomeUid + 1;
constexpr int kRandomTries = 100;
constexpr std::size_t kNameServiceBuffer = std::size_t{64} * 1024;

bool system_has_uid(uid_t uid) {
    std::vector<char> buffer(kNameServiceBuffer);
    passwd user{};
    passwd* found_user = nullptr;
    group entry{};
    group* found_group = nullptr;
    return (::getpwuid_r(uid, &user, buffer.data(), buffer.size(), &found_user) == 0 &&
            found_user != nullptr) ||
           (::getgrgid_r(uid, &entry, buffer.data(), buffer.size(), &found_group) == 0 &&
            found_group != nullptr);
}

bool is_free(uid_t uid, const UidTaken& taken_by_home) {
    return !taken_by_home(uid) && !system_has_uid(uid);
}

uid_t random_uid() {
    std::uint32_t number = 0;
    // Without randomness any start is as good: each candidate is checked.
    [[maybe_unused]] const ssize_t n = ::getrandom(&number, sizeof number, 0);
    return kFirstHomeUid + number % kHomeUids;
}

}  // namespace

std::optional<uid_t> parse_uid(std::string_view text) {
    uid_t uid = 0;
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, uid);
    if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
    return uid;
}

uid_t preferred_uid(const std::string& user) {
    // Only the lower half of the hash counts: found by comparing with the UIDs that systemd-homed
    // really gave.
    return kFirstHomeUid +
           static_cast<std::uint32_t>(crypto::siphash24(user, kUidHashKey)) % kHomeUids;
}

Result<uid_t> allocate_uid(const std::string& user, std::optional<uid_t> wish,
                           const UidTaken& taken_by_home) {
    const bool wish_in_range = wish && *wish >= kFirstHomeUid && *wish <= kLastHomeUid;
    if (wish_in_range && is_free(*wish, taken_by_home)) return *wish;
    uid_t candidate = preferred_uid(user);
    for (int i = 0; i < kRandomTries; ++i) {
        if (is_free(candidate, taken_by_home)) return candidate;
        candidate = random_uid();
    }
    return Error(Code::internal, "no-free-uid", "There is no free user ID for " + user + ".")
        .why("The range from 60001 to 60513 is (nearly) used up by homes and system users.")
        .hint("Choose a number yourself with --uid=.");
}

Result<void> check_uid_range(uid_t uid) {
    struct Range {
        uid_t first;
        uid_t last;
    };
    // Of the system, of greeters, of services with a UID for as long as they run, nobody's and the
    // invalid ones, and what signed numbers cannot hold.
    constexpr Range kReserved[] = {
        {0, 999}, {60578, 60705}, {61184, 65535}, {0x80000000U, 0xFFFFFFFFU}};
    for (const auto& range : kReserved) {
        if (uid < range.first || uid > range.last) continue;
        return Error(Code::invalid_argument, "uid-reserved",
                     "The user ID " + std::to_string(uid) + " cannot be that of a home.")
            .why("The numbers from " + std::to_string(range.first) + " to " +
                 std::to_string(range.last) + " are for other purposes.")
            .hint("Choose another number, or leave --uid= out to have one chosen.");
    }
    return ok();
}

Result<void> check_uid_free(uid_t uid, const UidTaken& taken_by_home) {
    if (is_free(uid, taken_by_home)) return check_uid_range(uid);
    return Error(Code::home_exists, "uid-taken",
                 "The user ID " + std::to_string(uid) + " is taken.")
        .why("A user or group of this system, or another home, has it.")
        .hint("Choose another number, or leave --uid= out to have one chosen.");
}

Result<void> check_name_free(const std::string& user) {
    std::vector<char> buffer(kNameServiceBuffer);
    passwd entry{};
    passwd* found = nullptr;
    group members{};
    group* found_group = nullptr;
    if (::getpwnam_r(user.c_str(), &entry, buffer.data(), buffer.size(), &found) == 0 &&
        found != nullptr) {
        return Error(Code::home_exists, "user-exists",
                     "There is already a user " + user + " on this system.")
            .why("It has the user ID " + std::to_string(found->pw_uid) +
                 " and is not managed as a home.")
            .hint("Choose another name.");
    }
    if (::getgrnam_r(user.c_str(), &members, buffer.data(), buffer.size(), &found_group) == 0 &&
        found_group != nullptr) {
        return Error(Code::home_exists, "user-exists",
                     "There is already a group " + user + " on this system.")
            .why("Every home has a group of its user's name.")
            .hint("Choose another name.");
    }
    return ok();
}

}  // namespace hearth::home
